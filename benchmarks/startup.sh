#!/usr/bin/env bash
# How soon the two faces are there: what Import-Module adds to a fresh pwsh, and what a servicectl command takes. Medians of 11 runs.
set -euo pipefail
output=$(cd "$(dirname "${BASH_SOURCE[0]}")/../output" && pwd)
pwsh=${SERVICECTL_PWSH:-pwsh}
readonly runs=11

# time_command COMMAND...: microseconds of wall clock.
time_command() {
    local began=${EPOCHREALTIME/[.,]/}
    "$@" >/dev/null
    echo $((${EPOCHREALTIME/[.,]/} - began))
}

# Microseconds of Import-Module in a session of its own; the session's own start does not count.
time_import() {
    "$pwsh" -NoProfile -NonInteractive -Command \
        "\$watch = [Diagnostics.Stopwatch]::StartNew(); Import-Module '$output/ServiceCtl'; [long](\$watch.Elapsed.Ticks / 10)"
}

# row TEXT COMMAND...: a line with the median of what the command prints.
row() {
    local text=$1
    shift
    "$@" >/dev/null # once before, so that the files are in memory
    local median
    median=$(for ((run = 0; run < runs; run++)); do "$@"; done | sort -n | awk -v middle=$(((runs + 1) / 2)) 'NR == middle { print int($1 / 1000) }')
    printf '%-48s %6d ms\n' "$text" "$median"
    printf '%s (ms)\tServiceCtl\t%d\n' "$text" "$median" >>"${SERVICECTL_BENCH_FIGURES:-/dev/null}"
}

home=$(mktemp -d -t servicectl-bench.XXXXXX)
export SERVICECTL_HOME=$home/agent
trap '"$output/servicectl" agent stop --force >/dev/null 2>&1 || true; rm -rf "$home"' EXIT

row "servicectl --version" time_command "$output/servicectl" --version
"$output/servicectl" agent start >/dev/null
row "servicectl status --json '*', with an agent" time_command "$output/servicectl" status --json '*'

if command -v "$pwsh" >/dev/null; then
    row "Import-Module above a bare pwsh" time_import
else
    echo "Import-Module is left out: $pwsh is not there"
fi
