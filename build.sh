#!/usr/bin/env bash
# Everything that is done with this repository, from a bare machine that has only the .NET SDK: ./build.sh help
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
output=$root/output

# shellcheck source=build/tools.sh
source "$root/build/tools.sh"
# shellcheck source=build/suites.sh
source "$root/build/suites.sh"
# shellcheck source=build/spelling.sh
source "$root/build/spelling.sh"
# shellcheck source=build/package.sh
source "$root/build/package.sh"
# shellcheck source=build/compatibility.sh
source "$root/build/compatibility.sh"

usage() {
    cat <<'TEXT'
usage: ./build.sh TASK...

  demo      build, then show a Flask service started, hot-restarted under load, restarted and stopped
  test      build, then run the unit, integration, security and Pester tests, dotnet format, shellcheck and the spell-check
  build     build output/ServiceCtl (the PowerShell module) and output/servicectl (the command)
  package   build, then make what people install, into output/packages: module package, .deb, tarball, SBOM, checksums
  packages  package, then install, upgrade and remove each of them on a bare Debian, with the README's first five minutes typed word for word,
            and pack once more: the bytes must be the same
  twice     make the packages of the last commit in two clones at different places: the bytes must be the same
  compat    build, then the commands and agents of this version and of the one before it, with each other
  bench     build, then run the benchmarks
  scenes N  build, then run what must hold (tests/Integration/Scenes) N times, each with 20 restarts under load and 10 ends of the agent of each kind; default 1
  templates build, then make a project of every choice that 'servicectl new' offers: checked, typed, tested, built, started, hot-restarted
  fuzz M    build, then read inputs that are changed at random for M minutes (default 10): configurations, state, requests, logs, arguments
  soak M S  build, then have S services (default 1000) killed, restarted and edited for M minutes (default 10)
  containers M  build, then run the tests of containers on a real dockerd and podman, and kill the agent, dockerd and containers at random for M minutes (default 5)
  pwsh      restore the PowerShell and the Pester that tests and demo run with, and say where they are
  clean     remove everything that was built
  help      this text

Packages that demo, test, bench, scenes, templates, fuzz, soak and containers need are installed through apt when run as root; otherwise the command to install them is printed.
SERVICECTL_PWSH=/path/to/pwsh chooses another PowerShell than the one that .config/dotnet-tools.json pins.
TEXT
}

heading() { printf '\n==> %s\n' "$*"; }

fail() {
    printf 'build.sh: %s\n' "$*" >&2
    exit 1
}

# step HEADING COMMAND...: runs the command under a heading and says how long it took.
step() {
    heading "$1"
    shift
    local began=${EPOCHREALTIME/[.,]/} status=0 tenths
    "$@" || status=$?
    tenths=$(((${EPOCHREALTIME/[.,]/} - began) / 100000))
    printf '    %d.%d s\n' $((tenths / 10)) $((tenths % 10))
    return "$status"
}

prepare_environment() {
    export HOME=${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}
    export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
    export POWERSHELL_TELEMETRY_OPTOUT=1 POWERSHELL_UPDATECHECK=Off
    # No build server stays behind, holding memory and our output.
    export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false
    command -v dotnet >/dev/null || fail ".NET SDK 10 is not on PATH; see https://learn.microsoft.com/dotnet/core/install/linux"
    # The executables look for the runtime in /usr/share/dotnet and here.
    export DOTNET_ROOT=${DOTNET_ROOT:-$(dirname "$(readlink -f "$(command -v dotnet)")")}
}

msbuild() {
    dotnet msbuild "$root/build/ServiceCtl.proj" -nologo -maxCpuCount -verbosity:quiet -consoleLoggerParameters:NoSummary "$@"
}

task_build() {
    step "build output/ServiceCtl and output/servicectl" msbuild -target:Module
}

# The integration tests run the command that users get, native code and all.
use_built_command() {
    export SERVICECTL_TEST_COMMAND=$root/src/ServiceCtl.Host/bin/Release/publish/servicectl
}

task_test() {
    install_packages "$system_packages"
    unpack_packages "$server_packages"
    unpack_packages "$prose_packages"
    unpack_packages "$oracle_packages" || echo "what could not be unpacked is left out"
    restore_powershell
    task_build
    use_built_command
    run_lanes "integration" "format shellcheck spelling python unit pester security"
}

task_scenes() {
    local times=${1:-1} time
    install_packages "$system_packages"
    unpack_packages "$server_packages"
    task_build
    use_built_command
    for ((time = 1; time <= times; time++)); do
        SERVICECTL_TEST_RESTARTS=20 SERVICECTL_TEST_AGENT_ENDS=10 step "scenes, $time of $times" \
            xunit_suite scenes Integration 30m -namespace ServiceCtl.Tests.Integration.Scenes || fail "the scenes failed in run $time of $times"
    done
}

task_soak() {
    install_packages "$system_packages"
    task_build
    step "soak" /usr/bin/python3 "$root/tests/Soak/soak.py" "$output/servicectl" --seconds $((${1:-10} * 60)) --services "${2:-1000}"
}

# dockerd looks for containerd and the others on PATH, wherever they were unpacked to.
task_containers() {
    install_packages "$system_packages"
    unpack_packages "$container_servers"
    task_build
    use_built_command
    export PATH=$PATH:/usr/sbin:/sbin:$output/tools/bin:$output/tools/packages/docker.io/usr/bin:$output/tools/packages/docker.io/usr/sbin
    step "containers" xunit_suite containers Integration 30m -namespace ServiceCtl.Tests.Integration.Containers
    step "kills" /usr/bin/python3 "$root/tests/Soak/containers.py" "$output/servicectl" --seconds $((${1:-5} * 60))
}

# ./build.sh test has the part of it that proves something different; this is all of it.
task_templates() {
    install_packages "$system_packages$template_packages"
    unpack_packages "$server_packages$template_servers"
    task_build
    use_built_command
    step "templates" xunit_suite templates Integration 90m -namespace ServiceCtl.Tests.Integration.Projects
}

# Inputs that find a fault are left in output/fuzz; mended, they go into tests/Fuzz/Corpus.
task_fuzz() {
    install_packages "$system_packages"
    task_build
    step "fuzz" dotnet "$root/tests/Fuzz/bin/Release/net10.0/Fuzz.dll" --minutes "${1:-10}" --seed "${FUZZ_SEED:-$RANDOM}" \
        --corpus "$root/tests/Fuzz/Corpus" --faults "$output/fuzz" --command "$output/servicectl"
}

task_package() {
    restore_powershell
    task_build
    step "package" make_packages "$output/packages"
    ls -sh "$output/packages"
}

task_packages() {
    install_packages "$system_packages"
    task_package
    step "packages, once more" same_packages_again
    step "packages, installed" bash "$root/tests/Packages/run.sh" "$output/packages"
}

task_twice() {
    restore_powershell
    step "packages of two clones" same_packages_twice
}

task_compat() {
    install_packages "$system_packages"
    task_build
    step "the version before" build_older
    step "compatibility" bash "$root/tests/Compatibility/run.sh" "$older_command" "$output/servicectl"
}

task_bench() {
    install_packages "$system_packages"
    unpack_packages "$peer_packages$server_packages$oracle_packages" || echo "what could not be unpacked is left out"
    restore_powershell
    task_build
    step "benchmarks" benchmarks
}

benchmarks() {
    # In the background, so that a SIGTERM to this shell is not held back until they are through.
    /usr/bin/python3 "$root/benchmarks/bench.py" &
    benchmarks=$!
    trap 'kill "$benchmarks" 2>/dev/null || true; wait "$benchmarks" || true' EXIT
    local status=0
    wait "$benchmarks" || status=$?
    trap - EXIT
    return "$status"
}

task_demo() {
    install_packages "$system_packages"
    restore_powershell
    task_build
    step "demo: servicectl" bash "$root/samples/demo.sh"
    step "demo: PowerShell" "$SERVICECTL_PWSH" -NoProfile -NonInteractive -File "$root/samples/demo.ps1"
}

task_pwsh() {
    restore_powershell
    printf '%s\n' "$SERVICECTL_PWSH" "$output/tools/Pester"
}

task_clean() {
    step "clean" msbuild -target:Clean
}

tasks=()
for word in "$@"; do
    # A number belongs to the task before it.
    if [[ $word =~ ^[0-9]+$ && ${tasks[*]: -1} =~ ^(scenes|soak|fuzz|containers) ]]; then
        tasks[-1]+=" $word"
    else
        tasks+=("$word")
    fi
done
((${#tasks[@]} > 0)) || tasks=(help)
for task in "${tasks[@]}"; do
    case $task in
        demo | test | build | package | packages | twice | compat | bench | pwsh | clean | templates | scenes | "scenes "* | soak | "soak "* | fuzz | "fuzz "* | containers | "containers "*) ;;
        help | -h | --help)
            usage
            exit 0
            ;;
        *)
            usage >&2
            fail "unknown task: $task"
            ;;
    esac
done

prepare_environment
for task in "${tasks[@]}"; do
    read -ra words <<<"$task"
    "task_${words[0]}" "${words[@]:1}"
done
