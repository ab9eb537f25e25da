#!/usr/bin/env bash
# Everything that is tested, in the order in which it fails fastest. Called by "make test".
set -euo pipefail
cd "$(dirname "$0")/.."
say() { printf '\n== %s\n' "$*"; }

say "Format"
cargo fmt --all --check
say "The browser's invariants: what may not be in it, and who may name what"
tools/invariants.sh
say "Lints (server)"
cargo clippy --quiet --workspace --exclude hydrate --all-targets -- -D warnings
say "Lints (browser)"
cargo clippy --quiet -p hydrate --target wasm32-unknown-unknown -- -D warnings
# The tests' databases are in memory where 6 GB of it are free: on a disk they mostly wait for it.
free=$(awk '/^MemAvailable/ { print int($2 / 1048576) }' /proc/meminfo 2>/dev/null || echo 0)
room=$(df --output=avail --block-size=1G /dev/shm 2>/dev/null | tail -n 1 || echo 0)
if [ "$free" -ge 10 ] && [ "$room" -ge 6 ]; then
  TMPDIR=$(mktemp -d /dev/shm/caseround.XXXXXX)
  export TMPDIR
  # PostgreSQL does not run as root: its own user reaches its folder through this one.
  chmod 755 "$TMPDIR"
  trap 'rm -rf "$TMPDIR"' EXIT
fi
say "Rules, properties, the store on both engines, routes and rights, kills"
cargo build --quiet -p caseround
# More at once than there are processors: half of their time they wait for a disk or a process.
RUST_TEST_THREADS=$((3 * $(nproc))) cargo test --quiet --workspace --exclude hydrate
tools/browser.sh
say "Journeys in the browser"
npx --no-install playwright test --config end2end/playwright.config.mjs
