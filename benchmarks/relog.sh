#!/usr/bin/env bash
# How fast relog sorts a generated log of 1 GB whose true counts are known, beside mawk and python3 doing the same. The log is in memory
# (the page cache); medians of five runs, with the start of each program.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
source ./project.bash
run_project "$PWD/Relog" relog-bench "$PWD/../output/servicectl" "$PWD/Relog"
