#!/usr/bin/env bash
# Licences that fit, no crate that is banned, none from anywhere but crates.io: deny.toml says which. The tool is built once,
# a minute on two cores; advisories need a machine that reaches their list, and are not asked for here.
set -euo pipefail
cd "$(dirname "$0")/.."
tool=$(command -v cargo-deny || echo target/tools/bin/cargo-deny)
[ -x "$tool" ] || cargo install --quiet cargo-deny --version 0.20.2 --debug --root target/tools
"$tool" check licenses bans sources
