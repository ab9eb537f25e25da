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
# Expanding a crate is enough to see what it refuses; nothing is built for it.
expand() { rustc --edition 2024 --crate-type lib --emit metadata -o /dev/null "$@" 2>&1 || true; }
if ! grep -q 'not for both at once' <<<"$(expand --cfg 'feature="ssr"' --cfg 'feature="hydrate"' app/src/lib.rs)"; then
  fail "ssr and hydrate build together"
fi
for crate in server app/hydrate; do
  if ! grep -q 'or hydration fails' <<<"$(expand "$crate/src/lib.rs")"; then fail "$crate builds without erase_components"; fi
  if grep -q 'or hydration fails' <<<"$(expand --cfg erase_components "$crate/src/lib.rs")"; then
    fail "$crate refuses erase_components"
  fi
done
if grep -rln '<textarea' --include='*.rs' app server | grep -v '^app/src/parts/text_area.rs'; then fail "leptos does not escape a textarea: only parts/text_area.rs makes one"; fi
if grep -rnE 'service::store|\.store\(\)' --include='*.rs' app/src; then fail "pages never reach past the service"; fi
names=$(for file in $(git ls-files '*.rs' | grep -E '^(app|server)/.*src/' | grep -v '/tests.rs$'); do
  sed '/^mod tests {/,$d' "$file" | grep -oE '^(pub(\([a-z ]+\))? )?(struct|enum|trait|type) [A-Z][A-Za-z0-9]*' | sed 's/.* //'
done | sort | uniq -d)
if [ -n "$names" ]; then fail "two types share a name: $names"; fi
