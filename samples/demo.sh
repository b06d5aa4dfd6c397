#!/usr/bin/env bash
# The main job from the shell: a Flask service under uWSGI is started, hot-restarted under load, restarted, stopped, and deployed.
# Works on a copy of flask-ping, with an agent of its own; nothing is left behind. Fails when a request was lost.
set -euo pipefail
samples=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
servicectl=$samples/../output/servicectl
python=/usr/bin/python3 # Debian's, the one that has Flask

work=$(mktemp -d -t servicectl-demo.XXXXXX)
export SERVICECTL_HOME=$work/agent
load=''

finish() {
    local status=$?
    [[ -z $load ]] || kill "$load" 2>/dev/null || true
    ((status == 0)) || "$servicectl" agent stop --force || true # the service may still run
    cd / && rm -rf "$work"
}
trap finish EXIT

say() { printf '\n# %s\n' "$*"; }

run() {
    printf '$ servicectl %s\n' "$*"
    "$servicectl" "$@" 2>&1 # in the order in which it is said
}

get() {
    printf '$ GET %s\n' "$1"
    "$python" -c 'import sys, urllib.request as r; print(r.urlopen(sys.argv[1], timeout=30).read().decode().strip())' "http://127.0.0.1:$port$1"
}

port=$(bash "$samples/prepare.sh" "$work/flask-ping")
cd "$work/flask-ping"

say "A service is a folder with a config. Start it, look at it, ask it something."
run start
run status
get /

say "New code, committed; hot restart while four clients send requests."
"$python" "$samples/load.py" "http://127.0.0.1:$port/ping" >"$work/load.txt" &
load=$!
sleep 1
sed -i 's/^VERSION = .*/VERSION = "1.1.0"/' app.py
git commit --quiet --all --message "Version 1.1.0"
run hot_restart
get /version

say "Broken code, not committed; the hot restart is refused and the workers go on serving."
echo 'def broken(:' >>app.py
if run hot_restart; then
    echo "broken code was accepted" >&2
    exit 1
fi
run status
get /version
git checkout --quiet app.py

say "What the clients saw."
kill "$load"
wait "$load" || { cat "$work/load.txt"; exit 1; }
load=''
cat "$work/load.txt"

say "A full restart, and a stop."
run restart
run stop
run status || true # exit code 3: not running
run unregister flask-ping

say "Deployed: a release beside the repository, and current leads to it."
run deploy production
get /version

say "A release whose code is broken never serves; it is kept, with its log."
echo 'def broken(:' >>app.py
git commit --quiet --all --message "Broken"
if run deploy production; then
    echo "a broken release was published" >&2
    exit 1
fi
get /version
run releases production

say "A good one, and back."
git revert --no-edit HEAD >"$work/revert.txt"
sed -i 's/^VERSION = .*/VERSION = "1.2.0"/' app.py
git commit --quiet --all --message "Version 1.2.0"
run deploy production
get /version
run rollback production
get /version
run releases production

say "The end."
run stop flask-ping
run agent stop
