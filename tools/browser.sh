#!/usr/bin/env bash
# Builds the browser's files into target/site/pkg: wasm, its loader, one style sheet, each also precompressed.
set -euo pipefail
cd "$(dirname "$0")/.."
out=target/site/pkg
mkdir -p "$out"
printf '== The browser side (wasm)\n'
cargo build --quiet -p hydrate --target wasm32-unknown-unknown --profile wasm --target-dir target/wasm
built=target/wasm/wasm32-unknown-unknown/wasm/hydrate.wasm
if [ ! -e "$out/caseround_bg.wasm" ] || [ "$built" -nt "$out/caseround_bg.wasm" ]; then
  rm -rf target/site/raw
  target/tools/bin/wasm-bindgen --target web --no-typescript --out-dir target/site/raw --out-name caseround "$built"
  npx --no-install wasm-opt -Oz --converge --enable-bulk-memory --enable-nontrapping-float-to-int --enable-sign-ext --enable-mutable-globals \
    --enable-reference-types --enable-multivalue target/site/raw/caseround_bg.wasm -o target/site/raw/small.wasm
  rm -rf "$out/snippets"
  (cd target/site/raw && find . -name '*.js') | while read -r script; do
    mkdir -p "$out/$(dirname "$script")"
    npx --no-install terser "target/site/raw/$script" --module --compress --mangle --output "$out/$script"
  done
  mv target/site/raw/small.wasm "$out/caseround_bg.wasm"
fi
npx --no-install sass --load-path=node_modules --no-source-map --style=compressed --quiet-deps --silence-deprecation=import style/main.scss "$out/caseround.css"
cp style/favicon.svg "$out/"
for script in leave parts; do
  npx --no-install terser "app/src/$script.js" --module --compress --mangle --output "$out/$script.js"
done
node tools/compress.mjs "$out"
