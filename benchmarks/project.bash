# For the benchmarks that are C# programs: to be sourced.

# run_project NAME PROGRAM ARGUMENT...: builds the project beside this file, and runs its program with a temporary folder of its own.
# However that ends, both are gone then.
run_project() {
    local project=$1 program=$2
    shift 2
    dotnet build "$project" --configuration Release --nologo --verbosity quiet -consoleLoggerParameters:NoSummary
    TMPDIR=$(mktemp -d -t servicectl-bench.XXXXXX)
    export TMPDIR
    trap 'kill "$running" 2>/dev/null || true; rm -rf "$TMPDIR"' EXIT
    "$project/bin/Release/net10.0/$program" "$@" &
    running=$!
    wait "$running"
}
