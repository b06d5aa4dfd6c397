#!/usr/bin/env bash
# examples.sh COMMAND WORK ROOT: types every example of every verb's help against services of the names that they use, and prints how those ended that are wrong.
# Folders of the system are covered by others and all that is left running ends with the namespace: ExamplesTests starts this in namespaces of its own.
set -uo pipefail
command=$1 work=$2 root=$3

fail() {
    echo "$*" >&2
    exit "${code:-1}"
}

# Where examples leave something.
mkdir -p "$work"/{etc,programs,home,covered} || fail "no room in $work"
cp -a /etc/. "$work/etc/" 2>/dev/null # what others may not read is not copied
code=99
mount --bind "$work/etc" /etc || fail "this host allows no mounts"
for folder in /srv /run /usr/local/share; do
    mount -t tmpfs -o mode=755 tmpfs "$folder" || fail "this host allows no mounts"
done
code=1
/usr/bin/python3 "$root/tests/Packages/loopback.py" || fail "no loopback device"
export HOME=$work/home SERVICECTL_HOME=$work/state TERM=xterm LC_ALL=C.UTF-8
mkdir -p ~/.config/fish/completions /etc/bash_completion.d /etc/systemd/system /etc/web
echo 'billing_limit: 3' >/etc/web/limits.yaml

# The command as it is installed: in the folder Dependencies of the module.
module=$work/ServiceCtl
mkdir -p "$module/Dependencies"
find "$(dirname "$command")" -maxdepth 1 -mindepth 1 -not -name '*.dbg' -exec cp -R -t "$module/Dependencies" {} + || exit 1
cp "$root/module/ServiceCtl.psd1" "$module/"
ln -s "$module/Dependencies/servicectl" "$work/programs/servicectl"
# Whoever types them is root here already, and what would speak to this host's init does nothing.
printf '#!/bin/sh\nexec "$@"\n' >"$work/programs/sudo"
for program in systemctl update-rc.d pwsh; do printf '#!/bin/sh\n' >"$work/programs/$program"; done
printf '#!/bin/sh\nexec cat\n' >"$work/programs/less"
# Other hosts are this one: what ssh would run there is run here.
cat >"$work/programs/ssh" <<'END'
#!/bin/sh
case " $* " in
    *' -- '*)
        for last; do :; done
        eval "exec $last"
        ;;
esac
shift
exec "$@"
END
chmod 755 "$work"/programs/{sudo,systemctl,update-rc.d,pwsh,less,ssh}
echo 'mover:x:64016:64016::/nonexistent:/usr/sbin/nologin' >>/etc/passwd
export PATH=$work/programs:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

# web and billing are Flask services under uWSGI with a virtualenv, tests, a pushed configuration and a module; the others only run.
port=8001
for name in web billing; do
    mkdir -p "/srv/$name/config" "/srv/$name/settings" "/srv/$name/old"
    cd "/srv/$name" || exit 1
    cp "$root"/samples/flask-ping/*.py .
    sed -e "s/flask-ping/$name/" -e "s/8001/$port/" -e 's:^# env_directory.*:env_directory\: venv:' "$root/samples/flask-ping/config.yaml" >config.yaml
    cat >>config.yaml <<'YAML'
service:
  venv: {python: /usr/bin/python3, system_packages: true}
  remote: {file: pushed.json}
  modules: [billing]
  schedule: [{name: clean, cron: "@yearly", run: [/bin/true]}]
YAML
    echo 'limit: 1' >config/limits.yaml
    printf '[service]\nrunner = "command"\ncommand = ["sleep", "infinity"]\n' >settings/service.toml
    sed 's/ping answers/login answers/' "$root/samples/flask-ping/tests.yaml" >tests.yaml
    echo 'log_level: debug' >new.yaml
    printf '%s\n' '2026-01-02 03:04:05,678 ERROR app: no' 'Traceback (most recent call last):' '  File "app.py", line 1, in <module>' 'ValueError: no' | gzip >old/app.log.gz
    : >manage.py
    port=$((port + 1))
done
for name in web-1 web-2 web-test worker-1 worker-2 old-1; do
    mkdir "/srv/$name"
    printf 'SERVICE_NAME: %s\nservice: {runner: command, command: [sleep, infinity]}\n' "$name" >"/srv/$name/config.yaml"
    echo 'unit: []' >"/srv/$name/tests.yaml"
done

# billing, whose folder this is, is served from a release, and there is one to go back to, with the name that the help uses.
deployed() {
    local tree=$work/deployed
    servicectl unregister billing --force || return
    rm -rf "$tree"/{releases,current} deploy.*
    printf 'deploy_to: %s\nstages: {production: {}}\n' "$tree" >deploy.yaml
    if [[ ! -d .git ]]; then
        # Nobody pushes anything to it there.
        git init --quiet && sed -i.here '/remote:/d' config.yaml && git add ./*.py config.yaml tests.yaml deploy.yaml &&
            git -c user.name=somebody -c user.email=somebody@localhost commit --quiet --message 'What is deployed' &&
            mv config.yaml.here config.yaml && git tag v1.2 || return
    fi
    servicectl deploy production updating && mv "$tree"/releases/* "$tree/releases/20261130021500" &&
        sed -i 's/Ready/Previous/' "$tree/releases/20261130021500/release.json" && servicectl deploy production
}

# billing is a project whose next version has something new.
packaged() {
    rm -rf .git
    git init --quiet && git config user.name somebody && git config user.email somebody@localhost || return
    printf '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n' >pyproject.toml
    printf '[project]\nname = "billing"\nversion = "1.2.0"\n[tool.setuptools]\npy-modules = ["app"]\n' >>pyproject.toml
    git add pyproject.toml ./*.py && servicectl change fix 'Something works now.' && git add changes &&
        git commit --quiet --message 'A project' && servicectl package --isolation off
}

# prepare LINE: what it takes for granted.
prepare() {
    [[ ! -e pyproject.toml ]] || rm -rf .git pyproject.toml changes dist CHANGELOG.md ./*.egg-info
    # What an example before has left.
    rm -rf /srv/packages /srv/mover.ps1 /srv/*/config.toml
    [[ -z ${composed:-} ]] || servicectl unregister billing --force || return
    servicectl register /srv/*/ && servicectl config push new.yaml web billing && servicectl start web billing || return
    case $1 in
        'servicectl unregister web') servicectl stop web ;;
        'servicectl run '*) servicectl stop billing ;;
        'servicectl deploy production'* | 'servicectl rollback '* | *' --remove '*) deployed ;;
        'servicectl bump'* | 'servicectl change'* | 'servicectl package'* | 'servicectl publish'*) packaged ;;
        *mover*) echo 'Invoke-Daemon { }' >/srv/mover.ps1 ;;
    esac
}

# ends LINE: the exit codes that it may end in.
ends() {
    case $1 in
        # They say what is missing.
        'servicectl host'* | 'servicectl modules web') echo '0 1' ;;
        # An engine of containers may not be here.
        'servicectl image'* | 'servicectl containers'*) echo '0 1' ;;
        # No compose file is here, and no service of its name.
        'servicectl import'* | 'servicectl manifest'* | 'servicectl register /srv/shop/*') echo '0 1' ;;
        # The stage is this host here, and it says so.
        'servicectl deploy production --sudo') echo 2 ;;
        # Interrupted, as a person does it.
        *' -f'* | *--watch* | *' top'* | 'servicectl run'* | 'servicectl agent run') echo '0 130' ;;
        *) echo 0 ;;
    esac
}

# type_it LINE: as a person does; what doesn't end by itself is interrupted.
type_it() {
    case $1 in
        *' top'*) timeout --preserve-status --signal=INT --kill-after=60 4 script --quiet --return --command "$1" /dev/null </dev/null ;;
        *' -f'* | *--watch* | 'servicectl run'*) timeout --preserve-status --signal=INT --kill-after=60 4 bash -c "exec $1" </dev/null ;;
        'servicectl agent run')
            servicectl agent stop --force
            timeout --preserve-status --signal=TERM --kill-after=60 4 bash -c "exec $1" </dev/null
            ;;
        *'fpath['*) ! command -v zsh || zsh -fc "fpath=($work/home); $1" </dev/null ;;
        *) timeout --kill-after=5 300 bash -uo pipefail -c "$1" </dev/null ;;
    esac
}

# verbs WORDS: this verb and those below it, as the command completes them.
verbs() {
    local words=$1 below
    echo "$words"
    # shellcheck disable=SC2086 # words
    while IFS=$'\t' read -r below _; do
        case "$words $below" in
            *' help '* | *' man '* | *' completion '* | *' -'*) ;;
            *) if [[ $words == '' || "$(servicectl $words --help | grep -c "^  $below ")" -gt 0 ]]; then verbs "${words:+$words }$below"; fi ;;
        esac
    done < <(case $words in '' | agent | config | modules | powershell) servicectl __complete $words '' ;; esac)
}

(cd /srv/web && servicectl register . && servicectl env) >"$work/log" 2>&1 || fail "$(cat "$work/log")"
(cd /srv/billing && servicectl register . && servicectl env) >"$work/log" 2>&1 || fail "$(cat "$work/log")"

count=0
while read -r verb; do
    # shellcheck disable=SC2086 # words
    while read -r line; do
        case $line in
            # PowerShell's own; CommandCompletion.Tests.ps1 types it.
            *Invoke-Expression*) continue ;;
        esac
        cd /srv/billing || exit 1
        code=1
        prepared=$(prepare "$line" 2>&1) || fail "before '$line': $prepared"
        type_it "$line" >"$work/log" 2>&1
        code=$?
        count=$((count + 1))
        if [[ " $(ends "$line") " != *" $code "* ]] || grep -qE 'Unhandled exception|fault of ServiceCtl|command not found' "$work/log"; then
            printf '%s: %s: ends in %s\n%s\n' "$verb" "$line" "$code" "$(head -c 2000 "$work/log")"
        fi
        # It is known by another path then.
        case $line in
            'servicectl register'*--source* | 'servicectl deploy production'* | 'servicectl rollback '* | *' --remove '*) composed=yes ;;
            *) composed= ;;
        esac
        [[ -z ${VERBOSE:-} ]] || printf -- '--- %s (%s)\n%s\n' "$line" "$code" "$(head -c 1500 "$work/log")"
    done < <(servicectl $verb --help | sed -n '/^Examples:$/,/^$/s/^  \([^ ].*\)/\1/p')
done < <(verbs '' | sort -u)
echo "$count examples"
