#!/usr/bin/env bash
# The Debian package: installed, upgraded with a service that serves, purged.
set -euo pipefail
packages=$1 root=$2
# shellcheck source=support.sh
source "$root/tests/Packages/support.sh"
package=$(echo "$packages"/servicectl_*.deb)
install_as_written "$root" "$packages" 'dpkg -i'
[[ $(readlink -f "$(command -v servicectl)") == /usr/lib/servicectl/ServiceCtl/Dependencies/servicectl ]]
servicectl version
[[ -s /usr/share/man/man1/servicectl-restart.1.gz && -s /usr/share/bash-completion/completions/servicectl && -s /usr/share/zsh/site-functions/_servicectl ]]
[[ -s /usr/share/doc/servicectl/copyright && -s /usr/share/doc/servicectl/changelog.gz ]]
# The agent's unit is there, for whoever wants it.
grep -x 'ExecStart=/usr/bin/servicectl agent run' /usr/lib/systemd/system/servicectl.service
[[ ! -e /etc/systemd/system/multi-user.target.wants/servicectl.service ]]
[[ ! -e /var/lib/servicectl && ! -e /run/servicectl ]]
servicectl unit --agent | grep -x 'ExecStart=/usr/bin/servicectl agent run'

# Word for word, as it is installed, by root and by somebody else.
servicectl powershell | grep 'PowerShell finds it through /usr/local/share/powershell/Modules/ServiceCtl'
five_minutes "$root"
a_user
five_minutes "$root" alice

# PowerShell finds the module as long as it is linked: for everyone, or for whoever has linked it.
# shellcheck disable=SC2016 # PowerShell's
finds='$m = @(Get-Module ServiceCtl -ListAvailable); if ($m) { Import-Module ServiceCtl; (Get-PyServiceAgent -ErrorAction Ignore | Measure-Object).Count; $m[0].ModuleBase } else { "none" }'
servicectl powershell link
[[ $(pwsh -NoProfile -NonInteractive -Command "$finds" | tail -n 1) == /usr/local/share/powershell/Modules/ServiceCtl ]]
servicectl powershell unlink
servicectl powershell | grep "'servicectl powershell link'"
[[ $(pwsh -NoProfile -NonInteractive -Command "$finds") == none ]]
su --login alice -c 'servicectl powershell link && servicectl powershell' | grep 'PowerShell finds it through /home/alice/.local/share/powershell/Modules/ServiceCtl'
[[ $(su --login alice -c "pwsh -NoProfile -NonInteractive -Command '$finds'" | tail -n 1) == /home/alice/.local/share/powershell/Modules/ServiceCtl ]]
[[ $(pwsh -NoProfile -NonInteractive -Command "$finds") == none ]]
refused su --login alice -c 'servicectl powershell link -d /usr/local/share/powershell/Modules'
su --login alice -c 'servicectl powershell unlink' | grep 'Removed /home/alice/'
su --login alice -c 'servicectl agent stop --force'
servicectl powershell link

sample "$root"
servicectl enable flask-ping
before=$(pid_of flask-ping) agent=$(agent_pid)
ask http://localhost:8001/ping
work=$(mktemp -d)
dpkg-deb --raw-extract "$package" "$work/tree"
sed -i 's/^Version: .*/&+next/' "$work/tree/DEBIAN/control"
dpkg-deb --root-owner-group -Znone --build "$work/tree" "$work/next.deb"
dpkg --install "$work/next.deb"
[[ $(dpkg-query --show --showformat '${Version}' servicectl) == *+next ]]
[[ $(agent_pid) != "$agent" ]]
[[ $(pid_of flask-ping) == "$before" ]]
servicectl restart flask-ping
end_asking

# An orderly end, and nothing is left.
dpkg --purge servicectl
refused curl -s http://localhost:8001/ping
for path in /usr/lib/servicectl /usr/bin/servicectl /usr/lib/systemd/system/servicectl.service /var/lib/servicectl /run/servicectl /usr/local/share/powershell/Modules/ServiceCtl; do
    [[ ! -e $path && ! -L $path ]]
done
[[ -z $(find / -xdev -name '*servicectl*' -newer "$work/next.deb" -not -path '/proc/*' -not -path "$root/*" -not -path '/tmp/*' -not -path '/home/*' -not -path '/srv/download/*' -not -path '/var/lib/dpkg/*' -not -path '/var/log/*' -print -quit) ]]
[[ -e /srv/flask-ping/config.yaml ]]
