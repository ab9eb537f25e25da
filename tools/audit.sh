#!/usr/bin/env bash
# The libraries that Caseround is made of, as a bill of materials (CycloneDX, target/sbom), and what is publicly known against
# them. For a machine that reaches the lists of advisories: GitHub for crates, the npm registry for packages.
set -euo pipefail
cd "$(dirname "$0")/.."
say() { printf '\n== %s\n' "$*"; }
out=target/sbom
list=caseround-sbom

say "Bill of materials: $out"
tool=$(command -v cargo-cyclonedx || echo target/tools/bin/cargo-cyclonedx)
[ -x "$tool" ] || cargo install --quiet cargo-cyclonedx --version 0.5.9 --debug --root target/tools
mkdir -p "$out"
# It writes a list beside each of our crates: the program's and the browser side's are what is shipped.
trap 'find app server end2end tools -name "$list.json" -delete' EXIT
"$tool" cyclonedx --quiet --format json --spec-version 1.5 --override-filename "$list"
cp "server/$list.json" "$out/program.json"
cp "app/hydrate/$list.json" "$out/browser.json"
npm sbom --sbom-format cyclonedx --package-lock-only >"$out/build.json"
for bill in "$out"/*.json; do
  printf '%s: %s libraries\n' "$bill" "$(node -p 'JSON.parse(require("fs").readFileSync(process.argv[1])).components.length' "$bill")"
done

say "Advisories: crates"
tool=$(command -v cargo-deny || echo target/tools/bin/cargo-deny)
[ -x "$tool" ] || cargo install --quiet cargo-deny --version 0.20.2 --debug --root target/tools
"$tool" check advisories
say "Advisories: packages"
npm audit
