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

# readme ROOT HEADING LANGUAGE: what the README tells people to type below a heading.
readme() {
    sed -n "/^## $2\$/,/^## /p" "$1/README.md" | sed -n "/^\`\`\`$3\$/,/^\`\`\`\$/{/^\`\`\`/d;p}"
}

# install_as_written ROOT PACKAGES WORDS: types the lines of "Install" that have these words, beside the packages.
install_as_written() {
    local lines
    lines=$(readme "$1" Install sh | grep -F -- "$3")
    [[ -n $lines ]]
    mkdir -p /srv/download
    cp "$2"/* /srv/download/
    (cd /srv/download && bash -xeuo pipefail -c "$lines")
}

# five_minutes ROOT [USER]: types the first five minutes of the README, word for word.
five_minutes() {
    local folder=/srv/five-${2:-root}
    mkdir "$folder"
    readme "$1" 'Five minutes' sh >"$folder/five.sh"
    readme "$1" 'Five minutes' powershell >"$folder/five.ps1"
    grep -q 'servicectl hot_restart' "$folder/five.sh"
    grep -q 'Restart-PyService ping -Hot' "$folder/five.ps1"
    [[ -z ${2:-} ]] || chown -R "$2" "$folder"
    su --login "${2:-root}" -c "cd $folder && bash -xeuo pipefail five.sh" | tee /tmp/five.log
    grep -x '1.0.1' /tmp/five.log
    su --login "${2:-root}" -c "cd $folder && pwsh -NoProfile -NonInteractive -Command '\$ErrorActionPreference = \"Stop\"; . ./five.ps1'" | tee /tmp/five.log
    grep -E '^ping .*Running' /tmp/five.log
}

# a_user: makes the user alice, once.
a_user() { id alice >/dev/null 2>&1 || useradd --create-home --shell /bin/bash alice; }

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
