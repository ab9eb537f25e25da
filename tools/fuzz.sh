#!/usr/bin/env bash
# Looks for bytes that break a reader: each for a minute, or for FUZZ seconds. Needs a nightly compiler and cargo-fuzz
# (cargo install cargo-fuzz).
set -euo pipefail
cd "$(dirname "$0")/fuzz/targets"
# As everywhere: without it the types of all views are built again for each target.
export RUSTFLAGS="--cfg erase_components"
for target in update wire act table template; do
  mkdir -p "corpus/$target"
  cargo +nightly fuzz run --fuzz-dir . --target "$(rustc -vV | sed -n 's/^host: //p')" "$target" "corpus/$target" "../corpus/$target" -- \
    -max_total_time="${FUZZ:-60}" -max_len=65536 -rss_limit_mb=1024 -timeout=5 -print_final_stats=1
done
