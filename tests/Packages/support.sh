# What the cases share. Sourced by them, inside the copy of this machine.
# shellcheck shell=bash
set -xeuo pipefail

# refused COMMAND...: it must fail.
refused() {
    if "$@"; then
        echo "this should have failed: $*"
        exit 1
    fi
}

# five_minutes: types the first five minutes of the README, word for word.
# shellcheck disable=SC2016 # they are backquotes
five_minutes() {
    local readme=$1/README.md
    mkdir -p /srv/five
    (
        cd /srv/five
        sed -n '/^## Five minutes/,/^## /p' "$readme" | sed -n '/^```sh$/,/^```$/{/^```/d;p}' >five.sh
        grep -q 'servicectl hot_restart' five.sh
        bash -xeuo pipefail five.sh
    )
    sed -n '/^## Five minutes/,/^## /p' "$readme" | sed -n '/^```powershell$/,/^```$/{/^```/d;p}' >/srv/five/five.ps1
    (cd /srv/five && "$PWSH" -NoProfile -NonInteractive -Command "\$ErrorActionPreference = 'Stop'; . ./five.ps1")
}

# pid_of SERVICE: its main process.
pid_of() { servicectl status "$1" --json | sed -n 's/.*"pid":\([0-9]*\).*/\1/p'; }

agent_pid() { servicectl agent --json | sed -n 's/.*"pid":\([0-9]*\).*/\1/p'; }

# ask URL: asks without a pause until it is ended by end_asking, which fails when a request got no answer.
ask() {
    (
        set +x
        while [[ ! -e /tmp/asked.stop ]]; do
            if curl -fsS -o /dev/null "$1"; then echo ok; else echo lost; fi
            sleep 0.01
        done >/tmp/asked
    ) &
    asking=$!
}

end_asking() {
    touch /tmp/asked.stop
    wait "$asking"
    rm /tmp/asked.stop
    grep -c '^ok$' /tmp/asked
    refused grep '^lost$' /tmp/asked
}

# sample: the Flask service of samples/, registered and running as flask-ping on port 8001.
sample() {
    mkdir -p /srv/flask-ping
    cp "$1"/samples/flask-ping/*.{py,yaml} /srv/flask-ping/
    (cd /srv/flask-ping && servicectl start)
}
