#!/usr/bin/env bash
# Takes the pictures of the demo's report, in English and in Persian: `make pictures`. Needs
# Chromium, and `segmentry` on the path.
set -euo pipefail
cd "$(dirname "$0")"
workspace=$(cd "../../${1:?the folder of the demo}" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# What the report shows only when it was asked.
segmentry discover -w "$workspace" >/dev/null
segmentry affinity --of subcategory -w "$workspace" >/dev/null

written() { # language
  [ -f "$folder/$1.html" ] ||
    segmentry report -w "$workspace" --language "$1" --to "$folder/$1.html" >/dev/null
}

take() { # name, language, size, sections to show; all and the contents list without them
  written "$2"
  { cat "$folder/$2.html"
    [ -z "${4:-}" ] ||
      echo "<style>main > section:not($4), main > header, nav { display: none }</style>"
  } > "$folder/page.html"
  chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --hide-scrollbars \
    --disable-background-networking --disable-component-update --disable-sync \
    --user-data-dir="$folder/profile" --virtual-time-budget=4000 --window-size="$3" \
    --screenshot="$PWD/$1.png" "file://$folder/page.html" >/dev/null 2>&1
}

take report en 1440,1720
take report-fa fa 1440,1720
take cards en 1180,1240 '#cards'
take migration en 1180,900 '#migration'
take discovery en 1180,880 '#discovery'
take segments en 1180,1330 '#segments'
take value en 1180,790 '#value'
take backtest en 1180,1010 '#backtest'
take cohorts en 1180,760 '#cohorts'
