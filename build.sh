#!/usr/bin/env bash
# Everything that is done with this repository, from a bare machine that has only the .NET SDK: ./build.sh help
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
output=$root/output

# What the sample, the demo and the integration tests need beside .NET.
# package | how to tell that it is there | what for
readonly system_packages='
gcc                  | command -v gcc || command -v clang                 | the linker of servicectl, which is native code
libc6-dev            | [[ -e /usr/include/stdlib.h ]]                     | what it is linked with
uwsgi-core           | command -v uwsgi                                   | the server that runs the services
uwsgi-plugin-python3 | ls /usr/lib/uwsgi/plugins/python3*_plugin.so       | Python inside uWSGI
python3-flask        | /usr/bin/python3 -c "import flask"                 | the sample service
gunicorn             | /usr/bin/python3 -c "import gunicorn"              | Flask without uWSGI; its tests
python3-uvicorn      | /usr/bin/python3 -c "import uvicorn"               | ASGI services; their tests
python3-fastapi      | /usr/bin/python3 -c "import fastapi"               | the ASGI service of the tests
python3-jsonschema   | /usr/bin/python3 -c "import jsonschema"            | a validator that is not ours, for the published JSON Schema; its test
python3-venv         | /usr/bin/python3 -c "import ensurepip, venv"       | virtualenvs of services, with pip; their tests
rsyslog              | PATH=$PATH:/usr/sbin command -v rsyslogd          | a syslog that takes lines of services; its tests
bsdutils             | command -v script                                  | a terminal for the live view; its tests
systemd-container    | command -v systemd-nspawn                          | a real systemd, booted in a container; tests of units
dbus                 | command -v dbus-daemon                             | the control socket of that systemd; the same tests
curl                 | command -v curl                                    | a client of the agent that is not ours; its tests
git                  | command -v git                                     | the commit in the status; its tests
'

# Whom the benchmarks measure beside ServiceCtl, by package and program; pm2 comes through npm, where that is.
readonly peers='supervisor:supervisord runit:runsvdir'

usage() {
    cat <<'TEXT'
usage: ./build.sh TASK...

  demo      build, then show a Flask service started, hot-restarted under load, restarted and stopped
  test      build, then run the unit tests, the integration tests and, where pwsh is there, the Pester tests
  build     build output/ServiceCtl (the PowerShell module) and output/servicectl (the command)
  package   build, then pack the module into output/packages
  bench     build, then run the benchmarks
  scenes N  build, then run what must hold (tests/Integration/Scenes) N times, each with 20 restarts under load and 10 ends of the agent of each kind; default 1
  soak M S  build, then have S services (default 1000) killed, restarted and edited for M minutes (default 10)
  clean     remove everything that was built
  help      this text

Packages that demo, test, bench, scenes and soak need are installed through apt when run as root; otherwise the command to install them is printed.
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

# install_packages LIST: what of it is missing, through apt.
install_packages() {
    local package probe reason missing=()
    while IFS='|' read -r package probe reason; do
        [[ -n $package ]] || continue
        if ! bash -c "$probe" >/dev/null 2>&1; then
            missing+=("${package// /}")
            printf 'missing: %s:%s\n' "${package// /}" "$reason"
        fi
    done <<<"$1"

    if ((${#missing[@]} == 0)); then
        return
    elif [[ $(id -u) != 0 ]] || ! command -v apt-get >/dev/null; then
        fail "install these first, as root: apt-get install --no-install-recommends ${missing[*]}"
    fi
    step "install ${missing[*]}" apt_install "${missing[@]}"
}

apt_install() {
    local log
    log=$(mktemp)
    export DEBIAN_FRONTEND=noninteractive
    # Another apt may be at work (a host's automatic updates): its lock is waited for.
    if ! { apt-get update && apt-get --option DPkg::Lock::Timeout=120 install --yes --no-install-recommends "$@"; } </dev/null >"$log" 2>&1; then
        cat "$log" >&2
        fail "apt-get could not install: $*"
    fi
    rm -f "$log"
}

# Peers that are not there are unpacked, not installed: their packages would start daemons, and have them started at boot.
unpack_peers() {
    local peer folder
    for peer in $peers; do
        if command -v "${peer#*:}" >/dev/null || [[ -d $output/tools/peers/${peer%:*} ]]; then
            continue
        fi
        folder=$(mktemp -d)
        if (cd "$folder" && { [[ $(id -u) != 0 ]] || apt-get update; } && apt-get download "${peer%:*}" && dpkg -x ./*.deb "$folder/files") </dev/null >/dev/null 2>&1; then
            mkdir -p "$output/tools/peers"
            mv "$folder/files" "$output/tools/peers/${peer%:*}"
        fi
        rm -rf "$folder"
    done
}

msbuild() {
    dotnet msbuild "$root/build/ServiceCtl.proj" -nologo -verbosity:quiet -consoleLoggerParameters:NoSummary "$@"
}

task_build() {
    step "build output/ServiceCtl and output/servicectl" msbuild -target:Module
}

# xunit_suite NAME PROJECT LIMIT [OPTION...]: runs a test project's executable and closes with the suite's line.
xunit_suite() {
    local name=$1 project=$2 limit=$3 log status=0
    shift 3
    log=$(mktemp)
    timeout --kill-after=10 "$limit" dotnet "$root/tests/$project/bin/Release/net10.0/$project.dll" -noColor -noLogo "$@" \
        </dev/null 2>&1 | tee "$log" || status=$?
    ((status != 124)) || printf '%s tests were ended after %s\n' "$name" "$limit"

    local total errors failed skipped not_run
    read -r total errors failed skipped not_run < <(
        sed -nE -e 's/^ +[A-Za-z.]+  Total: 0$/0 0 0 0 0/p' \
            -e 's/.*Total: ([0-9]+), Errors: ([0-9]+), Failed: ([0-9]+), Skipped: ([0-9]+), Not Run: ([0-9]+).*/\1 \2 \3 \4 \5/p' "$log" |
            tail -n 1
    ) || read -r total errors failed skipped not_run <<<'0 1 0 0 0' # it never came to its summary
    ((status == 0 || errors + failed > 0)) || errors=1              # it came to its summary, and failed all the same
    skipped=$((skipped + not_run))
    rm -f "$log"
    close_suite "$name" $((total - failed - skipped)) $((failed + errors)) "$skipped" || status=1
    return "$status"
}

# close_suite NAME PASSED FAILED SKIPPED: prints the one line that sums a suite up. A suite without a test has failed.
close_suite() {
    local skipped=''
    (($4 == 0)) || skipped=", $4 skipped"
    (($2 + $3 > 0)) || echo "no test has run"
    printf '%s: %d passed, %d failed%s\n' "$1" "$2" "$3" "$skipped"
    (($3 == 0 && $2 > 0))
}

# Sets `pwsh` to the PowerShell to test with; empty when there is none.
find_pwsh() {
    pwsh=$(command -v pwsh || true)
    [[ -z $pwsh ]] || return 0
    pwsh=$output/tools/pwsh
    [[ -x $pwsh ]] || timeout 120 dotnet tool install PowerShell --tool-path "$output/tools" </dev/null >/dev/null 2>&1 || true
    [[ -x $pwsh ]] || pwsh=''
}

pester_suite() {
    local pwsh
    find_pwsh
    if [[ -z $pwsh ]]; then
        echo "left out: pwsh is not on PATH, and could not be installed as a .NET tool"
    elif ! "$pwsh" -NoProfile -NonInteractive -Command 'exit [int](-not (Get-Module -ListAvailable Pester))' </dev/null; then
        echo "left out: PowerShell has no Pester; Install-PSResource Pester adds it"
    else
        timeout --kill-after=10 15m "$pwsh" -NoProfile -NonInteractive -File "$root/tests/Pester/Run.ps1" </dev/null
    fi
}

# The integration tests run the command that users get, native code and all.
use_built_command() {
    export SERVICECTL_TEST_COMMAND=$root/src/ServiceCtl.Host/bin/Release/publish/servicectl
}

task_test() {
    install_packages "$system_packages"
    task_build
    use_built_command
    local failed=()
    step "unit tests" xunit_suite unit Unit 5m || failed+=(unit)
    step "integration tests" xunit_suite integration Integration 20m || failed+=(integration)
    step "Pester tests" pester_suite || failed+=(pester)
    ((${#failed[@]} == 0)) || fail "failed: ${failed[*]}"
}

task_scenes() {
    local times=${1:-1} time
    install_packages "$system_packages"
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

task_package() {
    task_build
    step "package" msbuild -target:Package
    ls -sh "$output/packages"
}

task_bench() {
    install_packages "$system_packages"
    unpack_peers
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
    task_build
    step "demo: servicectl" bash "$root/samples/demo.sh"
    if command -v pwsh >/dev/null; then
        step "demo: PowerShell" pwsh -NoProfile -NonInteractive -File "$root/samples/demo.ps1"
    else
        echo "the PowerShell half is left out: pwsh is not on PATH"
    fi
}

task_clean() {
    step "clean" msbuild -target:Clean
}

tasks=()
for word in "$@"; do
    # A number belongs to the task before it.
    if [[ $word =~ ^[0-9]+$ && ${tasks[*]: -1} =~ ^(scenes|soak) ]]; then
        tasks[-1]+=" $word"
    else
        tasks+=("$word")
    fi
done
((${#tasks[@]} > 0)) || tasks=(help)
for task in "${tasks[@]}"; do
    case $task in
        demo | test | build | package | bench | clean | scenes | "scenes "* | soak | "soak "*) ;;
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
