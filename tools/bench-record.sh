#!/usr/bin/env bash
# The same documents by LibreOffice and by Chromium, beside the figures printed before; each started as one would start it.
set -euo pipefail
cd "$(dirname "$0")/../target/measured"
seconds() { local began; began=$(date +%s%N); "$@" >/dev/null 2>&1; echo $((($(date +%s%N) - began) / 1000000)); }
for families in 1 6; do
  for run in 1 2 3; do
    if command -v soffice >/dev/null; then
      echo "LibreOffice, $families families, run $run: $(seconds soffice --headless --convert-to pdf "$families.docx") ms"
    fi
    if command -v chromium-headless-shell >/dev/null; then
      echo "Chromium, $families families, run $run: $(seconds chromium-headless-shell --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync --print-to-pdf=chromium.pdf "file://$PWD/$families.html") ms"
    fi
  done
done
