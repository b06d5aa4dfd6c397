#!/usr/bin/env bash
# The tarball: installed, installed over itself under a service that serves and a PowerShell session that has the module loaded, removed.
set -euo pipefail
packages=$1 root=$2
# shellcheck source=support.sh
source "$root/tests/Packages/support.sh"
install_as_written "$root" "$packages" install.sh
servicectl version
[[ -s /usr/local/share/man/man1/servicectl-restart.1.gz ]]
servicectl unit --agent | grep -x 'ExecStart=/usr/local/bin/servicectl agent run'
five_minutes "$root"
a_user
five_minutes "$root" alice
su --login alice -c 'servicectl agent stop --force'

cd /srv/download/servicectl-*/
./install.sh --help | grep -F -- '--prefix'
refused ./install.sh --nosuch
sample "$root"
before=$(pid_of flask-ping) agent=$(agent_pid)
ask http://localhost:8001/ping

# A session that has the module loaded, and the engine not yet, goes on with the version that it has begun with.
cat >/tmp/session.ps1 <<'PS'
$ErrorActionPreference = 'Stop'
Import-Module ServiceCtl
Get-Command -Module ServiceCtl | Out-Null
Set-Content /tmp/session.loaded x
while (-not (Test-Path /tmp/session.go)) { Start-Sleep -Milliseconds 50 }
(Get-PyService flask-ping).State
Get-PyServiceStatus flask-ping | Format-List | Out-Null
(Get-Help Get-PyService -Full).Synopsis | Out-Null
Get-PyServiceConfig flask-ping | Out-Null
'the session lives'
PS
"$PWSH" -NoProfile -NonInteractive -File /tmp/session.ps1 >/tmp/session.log 2>&1 &
session=$!
until [[ -e /tmp/session.loaded ]]; do
    kill -0 "$session"
    sleep 0.1
done

old=$(readlink /usr/local/lib/servicectl/current)
# Another build: the files differ.
printf '\n' >>ServiceCtl/ServiceCtl.Cmdlets.dll
./install.sh
new=$(readlink /usr/local/lib/servicectl/current)
[[ $old != "$new" && -d /usr/local/lib/servicectl/$old ]]
[[ $(agent_pid) != "$agent" && $(pid_of flask-ping) == "$before" ]]
touch /tmp/session.go
wait "$session" || { cat /tmp/session.log; exit 1; }
grep -x Running /tmp/session.log
grep -x 'the session lives' /tmp/session.log
end_asking

# Once more is harmless, and the version before the last goes.
printf '\n' >>ServiceCtl/ServiceCtl.Cmdlets.dll
./install.sh
./install.sh
[[ ! -d /usr/local/lib/servicectl/$old && -d /usr/local/lib/servicectl/$new ]]

refused ./install.sh --uninstall
servicectl agent stop --force
hash -r
./install.sh --uninstall
[[ ! -e /usr/local/lib/servicectl && ! -L /usr/local/bin/servicectl && ! -L /usr/local/share/powershell/Modules/ServiceCtl ]]
[[ -z $(find /usr/local -name '*servicectl*' -print -quit) ]]

# For one user, below a folder of theirs.
su --login alice -c "cd $PWD && ./install.sh && ~/.local/bin/servicectl version && ./install.sh --uninstall && [ ! -e ~/.local/lib/servicectl ]"
