#!/usr/bin/env python3
"""Other hosts over SSH: an answer over a held channel, a step on twenty hosts beside one, a deploy, the switch to a prepared release and back.

    hosts.py [--hosts 20] [--times 5]

Each host is a real sshd on a port of this machine, with a /srv and an agent of its own; that takes root. Medians, beside Capistrano and Fabric on the
same repository and hosts, where they can be had. Both start nothing: their deploys unpack and move a link; ours has the release serve under uWSGI, too.
"""
import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

import figures
from managers import ROOT, SERVICECTL, ServiceCtl
from processes import obey_signals, until
from restarts import free_port

WAIT = 2  # seconds that the remote step waits
SERVICES = 100
PWSH = os.environ.get("SERVICECTL_PWSH", "pwsh")
SSHD = next((path for path in ("/usr/sbin/sshd", str(ROOT / "output/tools/bin/sshd")) if os.access(path, os.X_OK)), None)
FABRIC = ROOT / "output/tools/packages/fabric/usr/lib/python3/dist-packages"
RUBY = ROOT / "output/tools/packages/capistrano"
APP = """import os
def app(environ, start_response):
    start_response('200 OK', [('Content-Length', '4')])
    return [b'pong']
"""
FABFILE = """from fabric import ThreadingGroup, task
STAGES = {stages}
def group(stage):
    return ThreadingGroup(*[f"root@127.0.0.1:{{port}}" for port in STAGES[stage]], connect_kwargs={{"key_filename": "{key}", "look_for_keys": False}})
@task
def deploy(c, stage):
    group(stage).run("set -e; mkdir -p /srv/fab/releases; cd /srv/fab; [ -d repo ] || git clone -q --mirror {repository} repo; git -C repo remote update; "
                     "release=releases/$(date +%Y%m%d%H%M%S%N); mkdir $release; git -C repo archive main | tar -x -C $release; ln -sfn $release current",
                     hide=True)
@task
def rollback(c, stage):
    group(stage).run("cd /srv/fab && ln -sfn releases/$(ls releases | tail -n 2 | head -n 1) current", hide=True)
@task
def pause(c, stage):
    group(stage).run("sleep {wait}", hide=True)
"""
LAUNCH = """
mkdir -p /run/sshd "$1/srv" "$1/root"
# Whose shells read nothing when they start: that would count for all who use it.
sed "s|^root:.*|root:x:0:0::$1/root:/bin/sh|" /etc/passwd >"$1/passwd"
grep -q ^sshd: "$1/passwd" || echo sshd:x:74:65534::/run/sshd:/usr/sbin/nologin >>"$1/passwd"
mount --bind "$1/passwd" /etc/passwd
mount --bind "$1/srv" /srv
exec "$2" -D -e -f "$1/sshd_config"
"""


class Hosts(ServiceCtl):
    """Some hosts, whose names ssh knows."""

    def __init__(self, count):
        super().__init__()
        binaries = self.folder / "bin"
        binaries.mkdir()
        (binaries / "servicectl").symlink_to(SERVICECTL.resolve())
        # PEM and ECDSA: what Debian has of the peers reads no other keys.
        for key in ("key", "host_key"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ecdsa", "-m", "PEM", "-N", "", "-f", self.folder / key], check=True)
        self.ports, self.daemons = [free_port() for _ in range(count)], []
        self.names = [f"h{index:02}" for index in range(count)]
        known = (self.folder / "host_key.pub").read_text()
        (self.folder / "known_hosts").write_text("".join(f"[127.0.0.1]:{port} {known}" for port in self.ports))
        (self.folder / "ssh_config").write_text("".join(
            f"Host {name}\n  HostName 127.0.0.1\n  Port {port}\n  User root\n  IdentityFile {self.folder}/key\n  IdentitiesOnly yes\n  IdentityAgent none\n"
            f"  UserKnownHostsFile {self.folder}/known_hosts\n  GlobalKnownHostsFile /dev/null\n" for name, port in zip(self.names, self.ports)))
        # ssh reads the configuration of whoever runs this, wherever HOME is.
        (binaries / "ssh").write_text(f"#!/bin/sh\nexec /usr/bin/ssh -F {self.folder}/ssh_config \"$@\"\n")
        (binaries / "ssh").chmod(0o755)
        self.environment["PATH"] = f"{binaries}:{os.environ['PATH']}"
        for name, port in zip(self.names, self.ports):
            self.serve(name, port)

    def serve(self, name, port):
        folder = self.folder / name
        folder.mkdir()
        (folder / "sshd_config").write_text(
            f"Port {port}\nListenAddress 127.0.0.1\nHostKey {self.folder}/host_key\nPidFile none\nAuthorizedKeysFile {self.folder}/key.pub\nStrictModes no\n"
            f"UsePAM no\nPermitRootLogin yes\nLogLevel ERROR\nMaxStartups 100\n"
            f"SetEnv SERVICECTL_HOME={folder}/home SERVICECTL_BENCH={self.folder} PATH={self.folder}/bin:/usr/bin:/bin\n")
        with open(folder / "sshd.log", "wb") as log:
            self.daemons.append(subprocess.Popen(["unshare", "--mount", "sh", "-ec", LAUNCH, "sshd", folder, SSHD], stdin=subprocess.DEVNULL, stdout=log,
                                                 stderr=log, env=self.environment, start_new_session=True))
        until(lambda: subprocess.run(["ssh", name, "true"], env=self.environment, capture_output=True).returncode == 0, f"{name} lets us in")

    def pids(self):
        return [daemon.pid for daemon in getattr(self, "daemons", [])]

    def close(self):
        super().close()
        for daemon in self.daemons:
            daemon.wait()


def timed(action):
    began = time.monotonic()
    action()
    return time.monotonic() - began


def busy():
    """Processor time that this machine has given, in seconds; of everything, so that both ends of a connection count."""
    user, nice, system, _, _, irq, softirq = map(int, pathlib.Path("/proc/stat").read_text().split()[1:8])
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")


def pause(hosts, action, times):
    """What a step that waits takes on one host and on all."""
    count = len(hosts.names)
    one = statistics.median(timed(lambda: action("one")) for _ in range(times))
    began = busy()
    every = statistics.median(timed(lambda: action("all")) for _ in range(times))
    return {f"a step of {WAIT} s on 1 host (s)": one, f"the same on {count} hosts (s)": every, f"{count} hosts, times one": every / one,
            f"processor time for each of {count} hosts (ms)": (busy() - began) * 1000 / times / count}


def project(hosts):
    """A git repository with a WSGI application and a virtualenv; a stage with one host and one with all."""
    folder = hosts.folder / "project"
    folder.mkdir()
    (folder / "app.py").write_text(APP)
    (folder / "requirements.txt").write_text("")
    (folder / "config.tmpl").write_text(
        "SERVICE_NAME: web\nlocal_port: {{ web_port }}\nenv_directory: env\nservice: {venv: {python: /usr/bin/python3, requirements: requirements.txt}}\n"
        "uwsgi: {http-socket: '127.0.0.1:{{ web_port }}', plugins: python3, module: 'app:app', processes: 1, need-app: true}\n")
    line = "{{properties: {{web_port: '{}'}}}}"
    known = {name: line.format(free_port()) for name in hosts.names}
    (folder / "deploy.yaml").write_text(
        "deploy_to: /srv/web\nservice: web\ntemplates: {config.tmpl: {to: config.yaml}}\nrollout: {batches: [100%]}\n"
        f"steps: {{pause: {{run: ['sleep {WAIT}']}}}}\nstages:\n"
        f"  one: {{hosts: {{{hosts.names[0]}: {known[hosts.names[0]]}}}}}\n"
        f"  all: {{hosts: {{{', '.join(f'{name}: {host}' for name, host in known.items())}}}}}\n")
    git(folder, "init", "-q", "-b", "main")
    commit(folder, 0)
    return folder


def git(folder, *words):
    subprocess.run(["git", "-C", folder, "-c", "user.name=bench", "-c", "user.email=bench@example.org", *words], check=True, stdout=subprocess.DEVNULL)


def commit(folder, number):
    (folder / "number").write_text(str(number))
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", str(number))


def ours(hosts, folder, times):
    row = {}

    def deploy(stage, *step):
        hosts.run(SERVICECTL, "deploy", stage, *step, "--path", folder)

    row["deploy to 1 host, the virtualenv is new (s)"] = timed(lambda: deploy("one"))
    changed, switched, back = [], [], []
    for number in range(times):
        commit(folder, number + 1)
        changed.append(timed(lambda: deploy("one")))
    for number in range(times):
        commit(folder, number + 100)
        deploy("one", "updating")
        switched.append(timed(lambda: deploy("one", "publishing")))
        back.append(timed(lambda: hosts.run(SERVICECTL, "rollback", "one", "--path", folder)))
    row["deploy to 1 host, the virtualenv is unchanged (s)"] = statistics.median(changed)
    row["switch to a prepared release (s)"] = statistics.median(switched)
    row["and back (s)"] = statistics.median(back)
    deploy("all")
    row |= pause(hosts, lambda stage: deploy(stage, "pause"), times)
    commit(folder, 1000)
    row[f"deploy to {len(hosts.names)} hosts (s)"] = timed(lambda: deploy("all"))
    return row


def alone(hosts, stage):
    """The same step through ssh, with nobody's help: nothing over ssh can be faster."""
    sessions = [subprocess.Popen(["ssh", name, f"sleep {WAIT}"], env=hosts.environment) for name in (hosts.names[:1] if stage == "one" else hosts.names)]
    for session in sessions:
        session.wait()


def warm(hosts):
    """Of `Get-PyService` over a channel that is held; milliseconds."""
    services = hosts.folder / "services"
    for number in range(SERVICES):
        (services / f"s{number:03}").mkdir(parents=True)
        (services / f"s{number:03}" / "config.yaml").write_text("service: {runner: command, command: [sleep, '1000']}\n")
    host = hosts.names[-1]
    hosts.run(SERVICECTL, "register", *(services / f"s{number:03}" for number in range(SERVICES)), "--host", host)
    script = (f"Import-Module '{ROOT}/output/ServiceCtl'; $h = Connect-PyServiceHost {host}; 1..10 | % {{ $null = Get-PyService -HostName $h }}; "
              "1..50 | % { (Measure-Command { $null = Get-PyService -HostName $h }).TotalMilliseconds }; @(Get-PyService -HostName $h).Count")
    lines = subprocess.run([PWSH, "-NoProfile", "-Command", script], env=hosts.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                           check=True, timeout=300).stdout.split()
    if int(lines[-1]) < SERVICES:
        sys.exit(f"{host} has {lines[-1]} services")
    return statistics.median(float(line) for line in lines[:-1])


class Capistrano:
    """Debian's, unpacked by build.sh."""

    name = "Capistrano"

    def __init__(self, hosts, repository):
        self.hosts, self.folder = hosts, hosts.folder / "cap"
        (self.folder / "config/deploy").mkdir(parents=True)
        self.write("Capfile", 'require "capistrano/setup"\nrequire "capistrano/deploy"\nrequire "capistrano/scm/git"\ninstall_plugin Capistrano::SCM::Git\n'
                              f"task :pause do\n  on(roles(:app)) {{ execute :sleep, {WAIT} }}\nend\n")
        self.write("config/deploy.rb", f'set :application, "web"\nset :repo_url, "{repository}"\nset :branch, "main"\nset :deploy_to, "/srv/cap"\n'
                                       f'set :ssh_options, {{keys: ["{hosts.folder}/key"], keys_only: true, config: false, verify_host_key: :never}}\n')
        for stage, count in (("one", 1), ("all", None)):
            self.write(f"config/deploy/{stage}.rb", "".join(f'server "127.0.0.1:{port}", user: "root", roles: %w[app]\n' for port in hosts.ports[:count]))
        libraries = [str(folder) for folder in (RUBY / "usr/lib").glob("*-linux-gnu")]
        gems = RUBY / "usr/share/rubygems-integration/all"
        roots = [pathlib.Path(library) / "ruby" for library in (*libraries, str(RUBY / "usr/lib"))]
        paths = [gem / "lib" for gem in (gems / "gems").glob("*")] + [RUBY / "usr/lib/ruby/vendor_ruby"]
        paths += [version for root in roots for place in (root, root / "vendor_ruby") for version in place.glob("3.*")]
        extensions = [folder for library in libraries for folder in pathlib.Path(library).glob("rubygems-integration/*/extensions/*/*/*")]
        self.environment = {**hosts.environment, "LD_LIBRARY_PATH": ":".join(libraries), "RUBYLIB": ":".join(map(str, paths + extensions)),
                            "GEM_PATH": f"{gems}:/usr/share/rubygems-integration/all", "LC_ALL": "C.UTF-8", "USER": "root"}

    def write(self, file, text):
        (self.folder / file).write_text(text)

    def run(self, *words):
        ruby = next((RUBY / "usr/bin").glob("ruby3.*"), "/usr/bin/ruby")  # what is installed already was not unpacked
        run_peer([ruby, RUBY / "usr/bin/cap", *words], self.folder, self.environment)


class Fabric:
    """Debian's, unpacked by build.sh; with the tasks that its documentation has people write, for all hosts side by side."""

    name = "Fabric"

    def __init__(self, hosts, repository):
        self.hosts, self.folder = hosts, hosts.folder / "fab"
        self.folder.mkdir()
        stages = {"one": hosts.ports[:1], "all": hosts.ports}
        (self.folder / "fabfile.py").write_text(FABFILE.format(stages=stages, key=f"{hosts.folder}/key", repository=repository, wait=WAIT))

    def run(self, stage, task):
        task = {"deploy:rollback": "rollback"}.get(task, task)
        run_peer(["/usr/bin/python3", "-c", "from fabric.main import program; program.run()", task, "--stage", stage], self.folder,
                 {**self.hosts.environment, "PYTHONPATH": str(FABRIC), "LC_ALL": "C.UTF-8"})


def run_peer(command, folder, environment):
    done = subprocess.run(command, env=environment, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        raise RuntimeError(f"{command[-3:]}: {(done.stdout + done.stderr)[-1500:]}")


def theirs(peer, hosts, folder, times):
    row, count = {}, len(hosts.names)
    peer.run("one", "deploy")
    changed, back = [], []
    for number in range(times):
        commit(folder, time.time_ns())
        changed.append(timed(lambda: peer.run("one", "deploy")))
    for number in range(times):
        commit(folder, time.time_ns())
        peer.run("one", "deploy")
        back.append(timed(lambda: peer.run("one", "deploy:rollback")))
    row["deploy to 1 host, the virtualenv is unchanged (s)"] = statistics.median(changed)
    row["and back (s)"] = statistics.median(back)
    row |= pause(hosts, lambda stage: peer.run(stage, "pause"), times)
    peer.run("all", "deploy")
    commit(folder, time.time_ns())
    row[f"deploy to {count} hosts (s)"] = timed(lambda: peer.run("all", "deploy"))
    return row


def main():
    obey_signals()
    options = argparse.ArgumentParser()
    options.add_argument("--hosts", type=int, default=20)
    options.add_argument("--times", type=int, default=5)
    chosen = options.parse_args()
    if os.geteuid() != 0 or SSHD is None:
        print("Left out: hosts with files of their own take root, and an sshd.")
        return
    with Hosts(chosen.hosts) as hosts:
        folder = project(hosts)
        rows = {ServiceCtl.name: ours(hosts, folder, chosen.times)}
        if shutil.which(PWSH):
            rows[ServiceCtl.name][f"`Get-PyService` of {SERVICES} over a held channel (ms)"] = warm(hosts)
        rows["ssh"] = pause(hosts, lambda stage: alone(hosts, stage), chosen.times)
        for peer, program in ((Capistrano, RUBY / "usr/bin/cap"), (Fabric, FABRIC / "fabric")):
            if program.exists():
                rows[peer.name] = theirs(peer(hosts, folder), hosts, folder, chosen.times)
            else:
                print(f"{peer.name} could not be unpacked, and is left out.")
        figures.table(rows, ServiceCtl.name)


if __name__ == "__main__":
    main()
