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
  target/tools/bin/wasm-bindgen --target web --no-typescript --out-dir target/site/raw --out-name caseround "$built"
  npx --no-install wasm-opt -Oz --enable-bulk-memory --enable-nontrapping-float-to-int --enable-sign-ext --enable-mutable-globals \
    --enable-reference-types --enable-multivalue target/site/raw/caseround_bg.wasm -o target/site/raw/small.wasm
  cp target/site/raw/caseround.js "$out/caseround.js"
  rm -rf "$out/snippets"
  if [ -d target/site/raw/snippets ]; then cp -r target/site/raw/snippets "$out/"; fi
  mv target/site/raw/small.wasm "$out/caseround_bg.wasm"
fi
npx --no-install sass --load-path=node_modules --no-source-map --style=compressed --quiet-deps --silence-deprecation=import style/main.scss "$out/caseround.css"
cp style/favicon.svg "$out/"
node tools/compress.mjs "$out"
