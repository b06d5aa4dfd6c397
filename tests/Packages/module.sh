#!/usr/bin/env bash
# The module package, through a repository that is a folder: found, saved, installed, updated, by root and by others.
set -euo pipefail
packages=$1 root=$2
# shellcheck source=support.sh
source "$root/tests/Packages/support.sh"
mkdir /srv/repository
cp "$packages"/ServiceCtl.*.nupkg /srv/repository/
"$PWSH" -NoProfile -NonInteractive -File "$root/tests/Packages/module.ps1" -Root "$root" -Repository /srv/repository
five_minutes_module() { # the command comes with the module
    ln -s "$("$PWSH" -NoProfile -NonInteractive -Command '(Get-Module ServiceCtl -ListAvailable | Select-Object -First 1).ModuleBase')/Dependencies/servicectl" /usr/local/bin/servicectl
    five_minutes "$root"
}
five_minutes_module
