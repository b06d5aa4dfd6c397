#!/usr/bin/env bash
# tarball.sh MODULE DESTINATION VERSION RID: the staged module with install.sh, as servicectl-VERSION-RID.tar.gz.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
module=$1 destination=$2 version=$3 rid=$4
# shellcheck source=stage.sh
source "$here/stage.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
name=servicectl-$version-$rid
mkdir "$work/$name"
cp -a "$module" "$work/$name/ServiceCtl"
cp "$here/install.sh" "$here/../LICENSE" "$here/../CHANGELOG.md" "$work/$name/"
chmod 755 "$work/$name/install.sh"
fixed_times "$work"
pack "$work" "$name" "$destination/$name.tar.gz"
