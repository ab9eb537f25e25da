#!/usr/bin/env bash
# Invariants of the house, checked on the tree itself.
set -euo pipefail
cd "$(dirname "$0")/.."
fail() { printf 'invariant broken: %s\n' "$*" >&2; exit 1; }

tree=$(cargo tree -p hydrate --target wasm32-unknown-unknown -e normal --prefix none)
for crate in tokio sqlx axum chrono-tz typst; do
  if grep -qE "^$crate v" <<<"$tree"; then fail "$crate is in the browser"; fi
done
if grep -rlE '\bsqlx::' --include='*.rs' app server | grep -v '^server/store/'; then fail "only store names sqlx"; fi
if grep -rnE 'todo!\(|unimplemented!\(|dbg!\(|#\[ignore' --include='*.rs' app server; then fail "something is left in the code"; fi
if cargo check --quiet -p app --features ssr,hydrate 2>/dev/null; then fail "ssr and hydrate build together"; fi
