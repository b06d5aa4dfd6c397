#!/usr/bin/env bash
# bare.sh ROOT TREE: a bare Debian of this machine's release in TREE, with what the first lines of the README take for granted and nothing else.
# It stays as long as what is to be in it stays the same.
set -euo pipefail
root=$1 tree=$2
# shellcheck source=/dev/null
source /etc/os-release
[[ ${ID:-} == debian && -n ${VERSION_CODENAME:-} ]] || { echo "this machine is not a Debian" >&2; exit 1; }
command -v apt-get >/dev/null || { echo "there is no apt" >&2; exit 1; }

# Whoever follows the README has these, and PowerShell, which comes from outside, has its libraries.
icu=$(apt-cache --names-only search '^libicu[0-9]+$' | cut -d' ' -f1 | sort -V | tail -n 1)
packages=uwsgi-core,uwsgi-plugin-python3,python3-flask,curl,sudo,ca-certificates,$icu
[[ ! -e $tree.is || $(<"$tree.is") != "$VERSION_CODENAME $packages" ]] || exit 0

# shellcheck disable=SC2016 # apt expands them
mirror=$(apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' | sed -n "s/^$VERSION_CODENAME main //p" | head -n 1)
[[ -n $mirror ]] || { echo "apt names no source of $VERSION_CODENAME" >&2; exit 1; }
if ! PATH=$PATH:/usr/sbin command -v debootstrap >/dev/null; then
    "$root/build/unpack.sh" "$root/output/tools" debootstrap debootstrap
    export DEBOOTSTRAP_DIR=$root/output/tools/packages/debootstrap/usr/share/debootstrap
fi
rm -rf "$tree" "$tree.is" "$tree.new"
mkdir -p "$(dirname "$tree")"
# In a mount namespace: what it mounts for the time of the installation goes with it, whatever happens.
PATH=$PATH:/usr/sbin:$root/output/tools/bin unshare --mount --propagation private debootstrap --variant=minbase --include="$packages" "$VERSION_CODENAME" "$tree.new" "$mirror"
rm -rf "$tree.new"/var/cache/apt/archives/*.deb
[[ -s $tree.new/etc/hosts ]] || printf '127.0.0.1 localhost\n::1 localhost\n' >"$tree.new/etc/hosts"
mv "$tree.new" "$tree"
echo "$VERSION_CODENAME $packages" >"$tree.is"
