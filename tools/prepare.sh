#!/usr/bin/env bash
# Installs what a build needs and this machine lacks. With "test" also what tests need.
# Without the right to install something it prints the line to run, and stops.
set -euo pipefail
cd "$(dirname "$0")/.."
say() { printf '\n== %s\n' "$*"; }
stop() { printf '\nMissing: %s\nRun this line and start again:\n    %s\n' "$1" "$2" >&2; exit 1; }

command -v cargo >/dev/null || stop "Rust" "curl --proto '=https' -sSf https://sh.rustup.rs | sh"
command -v npm >/dev/null || stop "node and npm" "sudo apt-get install nodejs npm"
command -v cc >/dev/null || stop "a C compiler" "sudo apt-get install build-essential"

toolchain=$(sed -n 's/^channel = "\(.*\)"/\1/p' rust-toolchain.toml)
if ! rustup target list --installed --toolchain "$toolchain" 2>/dev/null | grep -q wasm32-unknown-unknown; then
  say "Rust $toolchain with the browser's target"
  # Where the toolchain is there already, only the target is fetched.
  rustup target add --toolchain "$toolchain" wasm32-unknown-unknown 2>/dev/null || rustup toolchain install "$toolchain" --profile minimal -c rustfmt -c clippy -t wasm32-unknown-unknown \
    || stop "the browser's target" "rustup toolchain install $toolchain -t wasm32-unknown-unknown"
fi

if [ ! -d node_modules ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  say "npm packages"
  PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund --loglevel=error
fi

[ "${1:-}" = test ] || exit 0
packages=()
command -v chromium-headless-shell >/dev/null || packages+=(chromium-headless-shell)
[ -x /usr/lib/postgresql/15/bin/initdb ] || packages+=(postgresql-15)
command -v strace >/dev/null || packages+=(strace)
command -v brotli >/dev/null || packages+=(brotli)
command -v openssl >/dev/null || packages+=(openssl)
command -v unzip >/dev/null || packages+=(unzip)
command -v qpdf >/dev/null || packages+=(qpdf)
command -v pdftotext >/dev/null || packages+=(poppler-utils)
[ -e /usr/share/fonts/truetype/noto/NotoSansBengali-Regular.ttf ] || packages+=(fonts-noto-core)
if [ ${#packages[@]} -gt 0 ]; then
  say "For tests: ${packages[*]}"
  line="apt-get install -y --no-install-recommends ${packages[*]}"
  if [ "$(id -u)" = 0 ]; then
    # shellcheck disable=SC2086
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive $line -qq >/dev/null
  elif sudo -n true 2>/dev/null; then
    # shellcheck disable=SC2086
    sudo apt-get update -qq && sudo DEBIAN_FRONTEND=noninteractive $line -qq >/dev/null
  else
    stop "${packages[*]}" "sudo $line"
  fi
fi
