#!/usr/bin/env bash
# One archive that runs without a compiler: the program, the browser's files, a unit and a proxy example.
set -euo pipefail
cd "$(dirname "$0")/.."
tools/browser.sh release
cargo build --release -p caseround
version=$(sed -n '/\[workspace.package\]/,/^$/s/^version = "\(.*\)"/\1/p' Cargo.toml)
name="caseround-$version-$(uname -m)"
rm -rf "dist/$name"
mkdir -p "dist/$name"
cp "target/$(rustc -vV | sed -n 's/^host: //p')/release/caseround" README.md LICENSE server/package/caseround.service server/package/nginx.conf "dist/$name/"
cp -r target/site/pkg "dist/$name/assets"
tar -C dist -czf "dist/$name.tar.gz" "$name"
echo "dist/$name.tar.gz"
