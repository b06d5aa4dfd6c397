#!/usr/bin/env bash
# How long the two faces take to be there: Import-Module above a bare pwsh, and a servicectl command. Medians of 11 runs.
set -euo pipefail
output=$(cd "$(dirname "${BASH_SOURCE[0]}")/../output" && pwd)
readonly runs=11

# median COMMAND...: milliseconds of wall clock.
median() {
    local began times=()
    "$@" >/dev/null # the first run fills the page cache
    for ((run = 0; run < runs; run++)); do
        began=${EPOCHREALTIME/[.,]/}
        "$@" >/dev/null
        times+=("$((${EPOCHREALTIME/[.,]/} - began))")
    done
    printf '%s\n' "${times[@]}" | sort -n | awk -v middle=$(((runs + 1) / 2)) 'NR == middle { printf "%.0f", $1 / 1000 }'
}

row() { printf '%-44s %6s ms\n' "$1" "$2"; }

home=$(mktemp -d -t servicectl-bench.XXXXXX)
export SERVICECTL_HOME=$home/agent
trap '"$output/servicectl" agent stop >/dev/null 2>&1 || true; rm -rf "$home"' EXIT

row "servicectl --version" "$(median "$output/servicectl" --version)"
"$output/servicectl" agent start >/dev/null
row "servicectl status --json '*', agent running" "$(median "$output/servicectl" status --json '*')"

if command -v pwsh >/dev/null; then
    bare=$(median pwsh -NoProfile -NonInteractive -Command 'exit')
    with=$(median pwsh -NoProfile -NonInteractive -Command "Import-Module '$output/ServiceCtl'; exit")
    row "pwsh, bare" "$bare"
    row "Import-Module ServiceCtl, above that" "$((with - bare))"
else
    echo "Import-Module is left out: pwsh is not on PATH"
fi
