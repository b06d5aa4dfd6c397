#!/usr/bin/env bash
# The module package, through a repository that is a folder: found, saved, installed, updated, by root and by others.
set -euo pipefail
packages=$1 root=$2
# shellcheck source=support.sh
source "$root/tests/Packages/support.sh"
mkdir /srv/repository
cp "$packages"/ServiceCtl.*.nupkg /srv/repository/
"$PWSH" -NoProfile -NonInteractive -File "$root/tests/Packages/module.ps1" -Root "$root" -Repository /srv/repository

# Word for word, from a repository that has the name that the README gives it.
"$PWSH" -NoProfile -NonInteractive -Command 'Uninstall-PSResource ServiceCtl -Version * -Scope AllUsers; Register-PSResourceRepository -Name NAME -Uri /srv/repository -Trusted -ApiVersion Local'
install_as_written "$root" "$packages" 'pwsh -c'
five_minutes "$root"
