#!/usr/bin/env bash
# How fast a service's output gets into rotated files, with nothing lost or torn, beside what the machine gives without a capture.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/Capture"
dotnet build --configuration Release --nologo --verbosity quiet -consoleLoggerParameters:NoSummary
bin/Release/net10.0/capture-bench
