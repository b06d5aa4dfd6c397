#!/usr/bin/env bash
# run.sh PACKAGES [CASE...]: installs, upgrades and removes what ./build.sh package has made. Needs root. Without a case: all of them.
# Each case has a bare Debian of its own (bare.sh), with processes and a network that nobody else sees; where none can be had, a copy of this machine
# stands in for it, and the last line says so.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$(dirname "$here")")
packages=$(cd "$1" && pwd)
shift
cases=("$@")
((${#cases[@]} > 0)) || cases=(deb tarball module)
[[ $(id -u) == 0 ]] || {
    echo "packages: installing them takes root" >&2
    exit 1
}

lintian=$("$here/lintian.sh" "$root" "$packages"/servicectl_*.deb 2>&1) || {
    printf '%s\npackages: lintian FAILED\n' "$lintian"
    exit 1
}
printf '%s\n' "$lintian"

tree=$root/output/tools/bare what="a bare Debian"
log=$(mktemp)
if ! "$here/bare.sh" "$root" "$tree" >"$log" 2>&1; then
    tail -n 3 "$log" >&2
    tree=/ what="a copy of this machine, for want of a bare Debian"
fi
rm -f "$log"

failed=0
for case in "${cases[@]}"; do
    began=$SECONDS status=0
    log=$(mktemp)
    # shellcheck disable=SC2016 # expanded inside
    unshare --mount --pid --net --fork --kill-child --propagation private bash -c '
        set -euo pipefail
        root=$1 packages=$2 here=$3 case=$4 lower=$5
        space=$(mktemp -d)
        mount -t tmpfs none "$space"
        mkdir "$space/upper" "$space/work" "$space/tree"
        tree=$space/tree
        mount -t overlay none -o "lowerdir=$lower,upperdir=$space/upper,workdir=$space/work" "$tree"
        mount -t proc proc "$tree/proc"
        mount --rbind /dev "$tree/dev"
        mount --rbind /sys "$tree/sys"
        mount -t tmpfs none "$tree/run"
        # What is tested, how, and .NET for PowerShell: to be read only.
        for folder in "$root" "$packages" "$DOTNET_ROOT"; do
            if [[ ! -e $tree$folder/. ]]; then
                mkdir -p "$tree$folder"
                mount --bind "$folder" "$tree$folder"
                mount -o remount,bind,ro "$tree$folder"
            fi
        done
        # A .NET tool, which looks for dotnet.
        printf "#!/bin/sh\nexport DOTNET_ROOT=%q PATH=\"\$PATH:%q\" POWERSHELL_TELEMETRY_OPTOUT=1 POWERSHELL_UPDATECHECK=Off\nexec %q \"\$@\"\n" "$DOTNET_ROOT" "$DOTNET_ROOT" "$SERVICECTL_PWSH" >"$space/pwsh"
        chmod 755 "$space/pwsh"
        rm -f "$tree/usr/local/bin/pwsh"
        cp "$space/pwsh" "$tree/usr/local/bin/pwsh"
        # What this machine may have of it already.
        rm -rf "$tree/var/lib/servicectl" "$tree/usr/lib/servicectl" "$tree/usr/local/lib/servicectl" "$tree/usr/local/bin/servicectl" \
            "$tree/usr/local/share/powershell/Modules/ServiceCtl" "$tree/etc/init.d/servicectl" "$tree"/etc/rc?.d/*servicectl
        /usr/bin/python3 "$here/loopback.py"
        exec chroot "$tree" /usr/bin/env -i HOME=/root TERM=dumb LC_ALL=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
            PWSH=/usr/local/bin/pwsh bash "$here/$case.sh" "$packages" "$root"' - "$root" "$packages" "$here" "$case" "$tree" >"$log" 2>&1 </dev/null || status=$?
    if ((status == 0)); then
        printf 'packages: %s works in %s (%d s)\n' "$case" "$what" $((SECONDS - began))
    else
        cat "$log"
        printf 'packages: %s FAILED in %s\n' "$case" "$what"
        failed=1
    fi
    rm -f "$log"
done
exit "$failed"
