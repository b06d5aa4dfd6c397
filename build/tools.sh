# What the tasks of build.sh need beside the .NET SDK, and how it gets here. Sourced by build.sh.
# shellcheck shell=bash disable=SC2154,SC2034 # names of build.sh, and for it

# What the sample, the demo and the tests need beside .NET; it is installed.
# package | how to tell that it is there | what for
readonly system_packages='
gcc                  | command -v gcc clang                               | the linker of servicectl, which is native code
libc6-dev            | [[ -e /usr/include/stdlib.h ]]                     | what it is linked with
uwsgi-core           | command -v uwsgi                                   | the server that runs the services
uwsgi-plugin-python3 | ls /usr/lib/uwsgi/plugins/python3*_plugin.so       | Python inside uWSGI
python3-flask        | /usr/bin/python3 -c "import flask"                 | the sample service
gunicorn             | /usr/bin/python3 -c "import gunicorn"              | Flask without uWSGI; its tests
python3-uvicorn      | /usr/bin/python3 -c "import uvicorn"               | ASGI services; their tests
python3-fastapi      | /usr/bin/python3 -c "import fastapi"               | the ASGI service of the tests
python3-aiosmtpd     | /usr/bin/python3 -c "import aiosmtpd"              | a mail server; tests of alerts
python3-jsonschema   | /usr/bin/python3 -c "import jsonschema"            | a validator that is not ours, for the published JSON Schema; its test
python3-pytest       | /usr/bin/python3 -c "import pytest"                | the runner of Python tests; those of cordio and of new projects
python3-httpx        | /usr/bin/python3 -c "import httpx"                 | the test client of FastAPI; the same tests
python3-prometheus-client | /usr/bin/python3 -c "import prometheus_client" | metrics of Flask projects; the same tests
python3-redis        | /usr/bin/python3 -c "import redis"                 | projects that keep their data in Redis; the same tests
python3-psycopg2     | /usr/bin/python3 -c "import psycopg2"              | projects that keep it in PostgreSQL; the same tests
python3-yaml         | /usr/bin/python3 -c "import yaml"                  | a reader of YAML that is not ours; the same tests
flake8               | /usr/bin/python3 -c "import flake8"                | a linter of Python; the same tests
isort                | /usr/bin/python3 -c "import isort"                 | another one
black                | /usr/bin/python3 -c "import black"                 | a formatter of Python; the same tests
mypy                 | command -v mypy                                    | types of cordio are checked
openssl              | command -v openssl                                 | certificates; the tests of cordio
python3-venv         | /usr/bin/python3 -c "import ensurepip, venv"       | virtualenvs of services, with pip; their tests
python3-build        | /usr/bin/python3 -c "import build"                 | the builder of wheels and sdists; tests of packages and deploys
python3-wheel        | /usr/bin/python3 -c "import wheel"                 | what it builds wheels with, without a network
python3-dev          | ls /usr/include/python3*/Python.h                  | extensions in C; their test
bsdutils             | command -v script                                  | a terminal for the live view; its tests
systemd-container    | command -v systemd-nspawn                          | a real systemd, booted in a container; tests of units
dbus                 | command -v dbus-daemon                             | the control socket of that systemd; the same tests
zsh                  | command -v zsh                                     | a shell with completion; its tests
fish                 | command -v fish                                    | another one
man-db               | command -v man                                     | a reader of the man pages; their test
curl                 | command -v curl                                    | a client of the agent that is not ours; its tests
openssh-client       | command -v ssh                                      | how other hosts are reached; tests of --host
iproute2             | command -v ip                                       | networks of hosts; tests of --host
git                  | command -v git                                     | the commit in the status, where ours is compared with it; its tests
shellcheck           | command -v shellcheck                              | shell scripts are checked by it
strace               | command -v strace                                  | what reaches the disk, and in which order; its test
docker-compose       | command -v docker-compose                          | what runs compose files; tests of manifests
'

# What ./build.sh templates needs beside these.
# package | how to tell that it is there | what for
readonly template_packages='
mypy                 | /usr/bin/python3 -c "import mypy"                  | types of Python; tests of the templates
make                 | command -v make                                    | Makefiles; the same tests
python3-build        | /usr/bin/python3 -c "import build"                 | wheels and source packages; the same tests
python3-wheel        | /usr/bin/python3 -c "import wheel"                 | wheels; the same tests
python3-pytest-cov   | /usr/bin/python3 -c "import pytest_cov"            | coverage; the same tests
python3-sphinx       | /usr/bin/python3 -c "import sphinx"                | documentation of projects; the same tests
python3-myst-parser  | /usr/bin/python3 -c "import myst_parser"           | Markdown in it; the same tests
python3-numpydoc     | /usr/bin/python3 -c "import numpydoc"              | docstrings in it; the same tests
'

# Servers of tests. They are unpacked, not installed: their packages would start daemons, now and at each boot.
# package and more | its program | what for
readonly server_packages='
rsyslog              | rsyslogd                                           | a syslog that takes lines of services; its tests
openssh-server       | sshd                                               | other hosts; tests of --host
sudo                 | sudo                                               | the agent of root on other hosts; the same tests
'

# The same for ./build.sh templates.
readonly template_servers='
redis-server         | redis-server                                       | where projects keep their data; tests of the templates
'

# The same for ./build.sh containers.
readonly container_servers='
docker.io            | dockerd                                            | an engine of containers, with its command
podman               | podman                                             | another one
docker-registry      | docker-registry                                    | where images are pushed to
redis-server         | redis-server                                       | an image without Python
'

# Capistrano deploys the same repository beside ours, and either takes over the other's tree. What can't be had is skipped.
readonly oracle_packages='
capistrano ruby      | cap                                                | the real Capistrano; tests of deploys
'

# The checker of the prose, and its dictionary.
readonly prose_packages='
hunspell hunspell-en-gb | hunspell                                        | a spell-checker for what people read
'

# Whom the benchmarks measure beside ServiceCtl; pm2 comes through npm, where that is.
readonly peer_packages='
supervisor           | supervisord                                        | a peer
runit                | runsvdir                                           | a peer
fabric               | fab                                                | a peer on other hosts
'

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
    step "install ${missing[*]}" quietly apt_install "${missing[@]}"
}

# unpack_packages LIST: makes the programs of it callable, those that are not installed from output/tools/bin.
unpack_packages() {
    local package program reason more
    while IFS='|' read -r package program reason; do
        program=${program// /}
        read -r package more <<<"$package"
        [[ -n $package && ! -x $output/tools/bin/$program ]] || continue
        # What comes with others is unpacked in any case: an installed program may be without them.
        [[ -n $more ]] || ! PATH=$PATH:/usr/sbin:/sbin command -v "$program" >/dev/null || continue
        printf 'missing: %s:%s\n' "$program" "$reason"
        # shellcheck disable=SC2086 # a list
        step "unpack $package" quietly "$root/build/unpack.sh" "$output/tools" "$package" "$program" $more || return 1
    done <<<"$1"
}

# quietly COMMAND...: shows what it prints only when it fails.
quietly() {
    local log status=0
    log=$(mktemp)
    "$@" </dev/null >"$log" 2>&1 || status=$?
    ((status == 0)) || cat "$log" >&2
    rm -f "$log"
    return "$status"
}

# What packages bring along must not start daemons: https://people.debian.org/~hmh/invokerc.d-policyrc.d-specification.txt
apt_install() (
    policy=/usr/sbin/policy-rc.d
    if [[ ! -e $policy ]]; then
        trap 'rm -f "$policy"' EXIT
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod +x "$policy"
    fi
    export DEBIAN_FRONTEND=noninteractive
    # Another apt may be at work (a host's automatic updates): its lock is waited for.
    apt-get --option DPkg::Lock::Timeout=120 update && apt-get --option DPkg::Lock::Timeout=120 install --yes --no-install-recommends "$@"
)

# Sets SERVICECTL_PWSH, the PowerShell of the tests and the demo: the one that .config/dotnet-tools.json pins, unless it names another.
restore_powershell() {
    local folder=$output/tools/powershell version
    if [[ -n ${SERVICECTL_PWSH:-} ]]; then
        SERVICECTL_PWSH=$(type -P "$SERVICECTL_PWSH") || fail "SERVICECTL_PWSH names no program"
    else
        version=$(sed -n '/"powershell"/,/}/ s/.*"version": "\(.*\)".*/\1/p' "$root/.config/dotnet-tools.json")
        SERVICECTL_PWSH=$folder/pwsh
        # Not through `dotnet tool run`: that finds the tool only from within this folder, and is not one path that others can start.
        if [[ ! -x $SERVICECTL_PWSH || ! -d $folder/.store/powershell/$version ]]; then
            rm -rf "$folder"
            step "restore PowerShell $version" quietly dotnet tool install PowerShell --version "$version" --tool-path "$folder"
        fi
    fi
    export SERVICECTL_PWSH
    version=$(sed -n 's:.*<PesterVersion>\(.*\)</PesterVersion>.*:\1:p' "$root/Directory.Packages.props")
    [[ -e $output/tools/Pester/$version/Pester.psd1 ]] ||
        step "restore Pester $version" quietly dotnet msbuild "$root/build/TestTools.csproj" -nologo -verbosity:quiet -restore -target:LayOut
}
