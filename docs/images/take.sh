#!/usr/bin/env bash
# Takes the README's pictures of the demo's report: `make pictures`. Needs Chromium.
set -euo pipefail
cd "$(dirname "$0")"
report=${1:?the report to take pictures of}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

take() { # name, size, sections to show
  { cat "$report"; echo "<style>main > section:not($3), main > header, nav { display: none }</style>"; } \
    > "$folder/page.html"
  chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --hide-scrollbars \
    --disable-background-networking --disable-component-update --disable-sync \
    --user-data-dir="$folder/profile" --virtual-time-budget=4000 --window-size="$2" \
    --screenshot="$PWD/$1.png" "file://$folder/page.html" >/dev/null 2>&1
}

take report 1180,1480 '#rfm, #groups'
take migration 1180,900 '#migration'
take cards 1180,1240 '#cards'
