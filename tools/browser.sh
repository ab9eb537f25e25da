#!/usr/bin/env bash
# Builds the browser's files into target/site/pkg: wasm, its loader, one style sheet. For working on it they are built
# quickly; with "release" as councils get them: small, and each also precompressed.
set -euo pipefail
cd "$(dirname "$0")/.."
how=${1:-quick}
out=target/site/pkg
mkdir -p "$out"
printf '== The browser side (wasm, %s)\n' "$how"
if [ "$how" = release ]; then
  cargo build --quiet -p hydrate --target wasm32-unknown-unknown --profile wasm --target-dir target/browser
  built=target/browser/wasm32-unknown-unknown/wasm/hydrate.wasm
else
  # In the server's folder: macros and build scripts are the same ones.
  CARGO_PROFILE_DEV_DEBUG=false cargo build -p hydrate --target wasm32-unknown-unknown
  built=target/wasm32-unknown-unknown/debug/hydrate.wasm
fi
if [ "$(cat target/site/how 2>/dev/null)" != "$how" ] || [ ! -e "$out/caseround_bg.wasm" ] || [ "$built" -nt "$out/caseround_bg.wasm" ]; then
  rm -rf target/site/raw "$out"
  mkdir -p "$out"
  cargo run --quiet -p bindgen -- "$built" target/site/raw
  if [ "$how" = release ]; then
    # The first kilobyte of memory is the far end of the stack: nothing lies there, and addresses fold (6 KB less).
    npx --no-install wasm-opt -Oz --converge --low-memory-unused --enable-bulk-memory --enable-nontrapping-float-to-int --enable-sign-ext --enable-mutable-globals \
      --enable-reference-types --enable-multivalue --strip-producers --strip-target-features target/site/raw/caseround_bg.wasm -o target/site/raw/small.wasm
    mv target/site/raw/small.wasm target/site/raw/caseround_bg.wasm
  fi
  (cd target/site/raw && find . -name '*.js') | while read -r script; do
    mkdir -p "$out/$(dirname "$script")"
    npx --no-install terser "target/site/raw/$script" --module --compress --mangle --output "$out/$script"
  done
  mv target/site/raw/caseround_bg.wasm "$out/caseround_bg.wasm"
  echo "$how" > target/site/how
fi
npx --no-install sass --load-path=node_modules --no-source-map --style=compressed --quiet-deps style/main.scss "$out/caseround.css"
cp style/favicon.svg "$out/"
for script in leave; do
  npx --no-install terser "app/src/$script.js" --module --compress --mangle --output "$out/$script.js"
done
if [ "$how" = release ]; then node tools/compress.mjs "$out"; fi
