#!/usr/bin/env bash
# How long it takes to compose a configuration out of 50 files with 5,000 keys, and to read it again after one of them changed,
# beside Microsoft.Extensions.Configuration on the same JSON; and to read the configurations of 500 services.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
source ./project.bash
run_project "$PWD/Configuration" configuration-bench
