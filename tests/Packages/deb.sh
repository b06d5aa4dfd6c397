#!/usr/bin/env bash
# The Debian package: installed, upgraded with a service that serves, purged.
set -euo pipefail
packages=$1 root=$2
# shellcheck source=support.sh
source "$root/tests/Packages/support.sh"
package=$(echo "$packages"/servicectl_*.deb)
if command -v lintian >/dev/null; then lintian --fail-on error --suppress-tags embedded-library,unstripped-binary-or-object "$package"; fi

dpkg --install "$package"
[[ $(readlink -f "$(command -v servicectl)") == /usr/lib/servicectl/ServiceCtl/Dependencies/servicectl ]]
servicectl version
[[ -s /usr/share/man/man1/servicectl-restart.1.gz && -s /usr/share/bash-completion/completions/servicectl && -s /usr/share/zsh/site-functions/_servicectl ]]
[[ -s /usr/share/doc/servicectl/copyright && -s /usr/share/doc/servicectl/changelog.gz ]]
# The agent's unit is there, for whoever wants it.
grep -x 'ExecStart=/usr/bin/servicectl agent run' /usr/lib/systemd/system/servicectl.service
[[ ! -e /etc/systemd/system/multi-user.target.wants/servicectl.service ]]
[[ ! -e /var/lib/servicectl && ! -e /run/servicectl ]]
servicectl unit --agent | grep -x 'ExecStart=/usr/bin/servicectl agent run'

# PowerShell does not find the module until it is linked.
servicectl powershell | grep "'servicectl powershell link'"
servicectl powershell link
servicectl powershell | grep 'PowerShell finds it through /usr/local/share/powershell/Modules/ServiceCtl'
"$PWSH" -NoProfile -NonInteractive -Command '(Get-Command -Module ServiceCtl).Count; Import-Module ServiceCtl; (Get-Module ServiceCtl).Version; Get-PyService'
five_minutes "$root"

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
[[ -z $(find / -xdev -name '*servicectl*' -newer "$work/next.deb" -not -path '/proc/*' -not -path "$root/*" -not -path '/tmp/*' -not -path '/var/lib/dpkg/*' -not -path '/var/log/*' -print -quit) ]]
[[ -e /srv/flask-ping/config.yaml ]]
