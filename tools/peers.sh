#!/usr/bin/env bash
# Installs the systems Caseround is measured beside into target/peers; nothing where they are there already.
set -euo pipefail
cd "$(dirname "$0")/.."
peers=target/peers
mkdir -p "$peers"
cp end2end/peers/* "$peers/"
if [ ! -d "$peers/etherpad" ]; then
  printf '== Peers (some minutes: SQLite is built for one of them)\n'
  (cd "$peers" && npm install --no-audit --no-fund --loglevel=error && npm rebuild --loglevel=error sqlite3 leveldown)
  # Etherpad looks for itself in a folder named "src".
  mkdir -p "$peers/etherpad"
  mv "$peers/node_modules/ep_etherpad-lite" "$peers/etherpad/src"
  ln -s ../etherpad/src "$peers/node_modules/ep_etherpad-lite"
fi
