# The suites of ./build.sh test, and how they run beside each other. Sourced by build.sh.
# shellcheck shell=bash disable=SC2154,SC2034 # names of build.sh, and for it

# close_suite NAME PASSED FAILED SKIPPED: prints the one line that sums a suite up. A suite without a test has failed.
close_suite() {
    local skipped=''
    (($4 == 0)) || skipped=", $4 skipped"
    (($2 + $3 > 0)) || echo "no test has run"
    printf '%s: %d passed, %d failed%s\n' "$1" "$2" "$3" "$skipped"
    (($3 == 0 && $2 > 0))
}

# xunit_suite NAME PROJECT LIMIT [OPTION...]: runs a test project's executable and closes with the suite's line.
xunit_suite() {
    local name=$1 project=$2 limit=$3 log status=0
    shift 3
    log=$(mktemp)
    timeout --foreground --kill-after=10 "$limit" dotnet "$root/tests/$project/bin/Release/net10.0/$project.dll" -noColor -noLogo "$@" \
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

run_unit() { xunit_suite unit Unit 15m; }

# Every choice of every template is ./build.sh templates, and what is done to engines of containers ./build.sh containers. Most of what these tests do is wait, so there are more at once than processors.
run_integration() {
    xunit_suite integration Integration 28m -maxThreads $(($(nproc) + 1)) -class- '*.EveryProjectTests' \
    -namespace- 'ServiceCtl.Tests.Integration.Containers'
}

run_security() { xunit_suite security Security 20m; }

run_pester() {
    timeout --foreground --kill-after=10 25m "$SERVICECTL_PWSH" -NoProfile -NonInteractive -File "$root/tests/Pester/Run.ps1"
}

# cordio: pytest and mypy by the system's Python; unittest by the oldest and the newest of the others, which need no pytest.
run_python() {
    local log python others=() status=0 passed=0 failed=0 skipped=0 ran bad left
    cd "$root/python/cordio" || return
    log=$(mktemp)
    export PYTHONDONTWRITEBYTECODE=1
    mypy --cache-dir "$output/mypy" || status=1
    timeout --foreground 5m /usr/bin/python3 -m pytest >"$log" 2>&1 || status=1
    cat "$log"
    passed=$(sed -nE 's/.*\b([0-9]+) passed.*/\1/p' "$log" | tail -n 1)
    failed=$(sed -nE 's/.*\b([0-9]+) (failed|error).*/\1/p' "$log" | tail -n 1)
    while read -r _ python; do
        others+=("$python")
    done < <(newer_pythons)
    ((${#others[@]} <= 2)) || others=("${others[0]}" "${others[-1]}")
    for python in "${others[@]}"; do
        timeout --foreground 5m "$python" -m unittest discover -b -s tests -t . >"$log" 2>&1 || status=1
        printf '%s\n' "$python"
        cat "$log"
        ran=$(sed -nE 's/^Ran ([0-9]+) tests.*/\1/p' "$log")
        bad=$(sed -nE -e 's/^FAILED.*failures=([0-9]+).*/&\n\1/' -e 's/.*\n//p' "$log")
        bad=$((${bad:-0} + $(sed -nE 's/^FAILED.*errors=([0-9]+).*/\1/p' "$log" | grep . || echo 0)))
        left=$(sed -nE 's/.*skipped=([0-9]+).*/\1/p' "$log")
        passed=$((passed + ${ran:-0} - bad - ${left:-0})) failed=$((failed + bad)) skipped=$((skipped + ${left:-0}))
    done
    rm -f "$log"
    ((status == 0 || failed > 0)) || failed=1
    close_suite python "${passed:-0}" "${failed:-0}" "$skipped" || status=1
    return "$status"
}

# newer_pythons: the Pythons from 3.9 on that are here beside the system's, one of each version: "MINOR PATH", the oldest first.
newer_pythons() {
    local python
    for python in $(type -ap python3.{9..20} || true) "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.*/bin/python3; do
        [[ $(readlink -f "$python") != "$(readlink -f /usr/bin/python3)" ]] || continue
        "$python" -c 'import sys; print(sys.version_info[1], sys.executable) if sys.version_info >= (3, 9) else 0' 2>/dev/null || true
    done | sort -n -u -k 1,1
}

# The build, which takes warnings as errors, has held style and analyzers already.
run_format() {
    dotnet format whitespace "$root/ServiceCtl.slnx" --verify-no-changes --no-restore
}

# Every script, known by its first line.
run_shellcheck() {
    local scripts
    cd "$root" || return
    mapfile -t scripts < <(grep -rlE --exclude-dir={.git,bin,obj,output,venv,.venv} -m 1 '^(#!.*[/ ](ba|da)?sh|# shellcheck shell=.*)$' .)
    shellcheck --external-sources --source-path=SCRIPTDIR "${scripts[@]}"
}

# lane NAME...: one after the other, each into a log of its own. The log of what has failed is shown, whole.
lane() {
    local name began status
    for name in "$@"; do
        began=$SECONDS status=0
        ("run_$name") </dev/null >"$logs/$name.log" 2>&1 || status=$?
        ((status != 0)) || touch "$logs/$name.passed"
        {
            flock 9 # one lane prints at a time
            heading "$name"
            ((status == 0)) || grep -vE "^$name: [0-9]+ passed" "$logs/$name.log" || true
            printf '    %d s\n' $((SECONDS - began))
        } 9>>"$logs/lock"
    done
}

# run_lanes LANE...: runs lanes beside each other, each a list of names, and closes with the lines of the suites.
# A suite that has not closed with its line has failed, whatever it says.
run_lanes() {
    local logs=$output/logs lane name names=() words lanes=() failed=()
    rm -rf "$logs"
    mkdir -p "$logs"
    # Each is a process group of its own, so that all that is left of it can be ended.
    set -m
    for lane in "$@"; do
        read -ra words <<<"$lane"
        names+=("${words[@]}")
        lane "${words[@]}" &
        lanes+=("$!")
    done
    set +m
    # shellcheck disable=SC2064 # as they are now
    trap "end_lanes ${lanes[*]}" EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    wait "${lanes[@]}" || true
    end_lanes "${lanes[@]}"
    trap - EXIT INT TERM

    heading "results; the logs are in $logs"
    for name in "${names[@]}"; do
        [[ -e $logs/$name.passed ]] || failed+=("$name")
    done
    for name in unit integration security python pester; do
        if ! grep -hE "^$name: [0-9]+ passed, [0-9]+ failed" "$logs/$name.log"; then
            [[ ! -e $logs/$name.passed ]] || cat "$logs/$name.log"
            printf '%s did not run to its end\n' "$name"
            [[ " ${failed[*]} " == *" $name "* ]] || failed+=("$name")
        fi
    done
    ((${#failed[@]} == 0)) || fail "failed: ${failed[*]}"
}

end_lanes() {
    local lane
    for lane in "$@"; do
        kill -- "-$lane" 2>/dev/null || true
    done
}
