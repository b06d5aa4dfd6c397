#!/usr/bin/env bash
# run.sh OLDER NEWER: commands of two versions, each with an agent of its own version and with the other's. They understand each other, or say which
# is to be restarted; no service is touched by that, and whoever asks it meanwhile gets an answer.
set -euo pipefail
older=$1 newer=$2
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d)
export SERVICECTL_HOME=$work/home
asking=''

# shellcheck disable=SC2317 # called by the trap
finish() {
    local status=$?
    [[ -z $asking ]] || kill "$asking" 2>/dev/null || true
    "$newer" stop '*' >/dev/null 2>&1 || true
    "$newer" agent stop --force >/dev/null 2>&1 || true
    ((status == 0)) || tail -n 20 "$work/said" 2>/dev/null || true
    rm -rf "$work"
    exit "$status"
}
trap finish EXIT

fail() {
    printf 'compat: %s\n' "$*"
    exit 1
}

# pid_of: its main process; those of workers come later in the line.
pid_of() { "$newer" status ping --json | grep -o '"pid":[0-9]*' | sed -n '1s/.*://p'; }

agent_pid() { "$newer" agent --json | sed -n 's/.*"pid":\([0-9]*\).*/\1/p'; }

# ask: without a pause, until it is ended.
ask() {
    while [[ ! -e $work/stop ]]; do
        if curl -fsS -o /dev/null "http://127.0.0.1:$port/ping" 2>>"$work/lost"; then echo ok >>"$work/ok"; fi
        sleep 0.02
    done
}

# understood COMMAND WORDS...: it works, or says which is to be restarted.
understood() {
    local code=0
    "$@" </dev/null >"$work/said" 2>&1 || code=$?
    case $code in
        0) understood=$((understood + 1)) ;;
        # It hasn't got that yet, and says so before it asks anybody.
        2) grep -qE 'Unknown (option|verb)' "$work/said" || fail "'${*:2}' ended in 2" ;;
        *)
            grep -qE 'agent restart|agent stop --keep-services' "$work/said" || fail "'${*:2}' of $(basename "$(dirname "$1")") ended in $code and names no remedy"
            told=$((told + 1))
            ;;
    esac
    ! grep -qE 'Unhandled exception|fault of ServiceCtl' "$work/said" || fail "'${*:2}' ended in an exception"
}

# all_verbs COMMAND: each verb that asks the agent. Those that restart it say so by their name; the others leave the process alone.
all_verbs() {
    local command=$1 before
    before=$(pid_of)
    understood=0 told=0
    while read -ra words; do
        ((${#words[@]} > 0)) || continue
        understood "$command" "${words[@]}"
        [[ $(pid_of) == "$before" ]] || fail "'${words[*]}' touched the service"
    done <<WORDS
list
list --json
status
status ping
status * --json
status --state running
start ping
logs ping -n 5
logs -n 5 --json
events -n 5
events ping --since 1h --json
relog ping
relog * --group
tests ping
register $folder
config ping --show-source
config check ping
config ping --key local_port
modules ping
ruffles ping
exec ping -- true
unit ping
env ping
agent
agent --json
agent start
hot_restart ping
$(if "$command" help enable >/dev/null 2>&1; then printf '%s\n' 'enable ping' 'disable ping'; fi)
WORDS
    understood "$command" restart ping
    [[ $(pid_of) != "$before" ]] || ((told > 0)) || fail "a restart left the process as it was"
    understood "$command" stop other
    understood "$command" start other
    understood "$command" unregister other --force
    understood "$command" register "$work/other"
    understood "$command" start other
    printf 'compat:   %d orders understood, %d named what to restart\n' "$understood" "$told"
}

# takes_over COMMAND: its agent takes the place of the one that runs, and the service stays.
takes_over() {
    local before agent
    before=$(pid_of) agent=$(agent_pid)
    "$1" agent restart >"$work/said" 2>&1 || { "$1" agent stop --keep-services && "$1" agent start; } >"$work/said" 2>&1
    [[ $(agent_pid) != "$agent" ]] || fail "the agent is the one that was there"
    [[ $(pid_of) == "$before" ]] || fail "the service is another process"
}

folder=$work/ping
port=$(bash "$root/samples/prepare.sh" "$folder" | tail -n 1)
sed -i "s/flask-ping/ping/" "$folder/config.yaml"
# Nothing to make, so that env has something to say.
printf 'env_directory: venv\nservice: {venv: {python: /usr/bin/python3, system_packages: true}}\n' >>"$folder/config.yaml"
mkdir "$work/other"
printf 'SERVICE_NAME: other\nservice: {runner: command, command: [sleep, infinity]}\n' >"$work/other/config.yaml"

printf 'compat: %s and %s\n' "$("$older" --version)" "$("$newer" --version)"
(cd "$folder" && "$older" register . && "$older" env && "$older" start) >"$work/said" 2>&1 || fail "the older version does not start the sample"
(cd "$work/other" && "$older" start) >"$work/said" 2>&1 || fail "the older version does not start a command"
ask &
asking=$!

echo "compat: older agent, newer command"
all_verbs "$newer"
echo "compat: the newer agent takes over, older command"
takes_over "$newer"
all_verbs "$older"
echo "compat: the older agent takes over again, newer command"
takes_over "$older"
all_verbs "$newer"
takes_over "$newer"

touch "$work/stop"
wait "$asking"
asking=''
[[ ! -s $work/lost ]] || fail "$(wc -l <"$work/lost") requests got no answer: $(head -n 1 "$work/lost")"
printf 'compat: passed; %d requests answered, 0 lost\n' "$(wc -l <"$work/ok")"
