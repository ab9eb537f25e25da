#!/usr/bin/env bash
# Times "make run" and "make test" as on a machine that has nothing yet: a fresh clone with empty registries and folders.
# Prints seconds. Nothing else should run beside it.
set -euo pipefail
cd "$(dirname "$0")/.."
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
git clone --quiet . "$place/caseround"
mkdir "$place/cargo" "$place/npm"
export CARGO_HOME="$place/cargo" npm_config_cache="$place/npm"
cd "$place/caseround"
seconds() { local began=$SECONDS; "$@" >"$place/log" 2>&1 || { tail -n 40 "$place/log"; exit 1; }; printf '%-40s %5d s\n' "$*" $((SECONDS - began)); }
seconds make prepare
seconds make server
seconds make browser
seconds tools/prepare.sh test
seconds make test
