#!/usr/bin/env bash
# run.sh PACKAGES [CASE...]: installs, upgrades and removes what ./build.sh package has made, each in a copy of this machine that nobody else sees:
# an overlay over /, with processes and a network of its own. Needs root. Without a case: all of them.
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

failed=0
for case in "${cases[@]}"; do
    began=$SECONDS status=0
    log=$(mktemp)
    # shellcheck disable=SC2016 # expanded inside
    unshare --mount --pid --net --fork --kill-child --propagation private bash -c '
        set -euo pipefail
        root=$1 packages=$2 here=$3 case=$4
        space=$(mktemp -d)
        mount -t tmpfs none "$space"
        mkdir "$space/upper" "$space/work" "$space/tree"
        tree=$space/tree
        mount -t overlay none -o "lowerdir=/,upperdir=$space/upper,workdir=$space/work" "$tree"
        mount -t proc proc "$tree/proc"
        mount --rbind /dev "$tree/dev"
        mount --rbind /sys "$tree/sys"
        mount -t tmpfs none "$tree/run"
        # Where they are mounts of their own.
        for folder in "$root" "$packages" "${DOTNET_ROOT:-}"; do
            if [[ -n $folder && ! -e $tree$folder/. ]]; then mkdir -p "$tree$folder"; mount --bind "$folder" "$tree$folder"; fi
        done
        # What this machine may have of it already.
        rm -rf "$tree/var/lib/servicectl" "$tree/usr/lib/servicectl" "$tree/usr/local/lib/servicectl" "$tree/usr/local/bin/servicectl" \
            "$tree/usr/local/share/powershell/Modules/ServiceCtl" "$tree/etc/init.d/servicectl" "$tree"/etc/rc?.d/*servicectl
        /usr/bin/python3 "$here/loopback.py"
        exec chroot "$tree" /usr/bin/env -i HOME=/root TERM=dumb LC_ALL=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
            DOTNET_ROOT="${DOTNET_ROOT:-}" PWSH="$SERVICECTL_PWSH" POWERSHELL_TELEMETRY_OPTOUT=1 POWERSHELL_UPDATECHECK=Off \
            bash "$here/$case.sh" "$packages" "$root"' - "$root" "$packages" "$here" "$case" >"$log" 2>&1 </dev/null || status=$?
    if ((status == 0)); then
        printf 'packages: %s works (%d s)\n' "$case" $((SECONDS - began))
    else
        cat "$log"
        printf 'packages: %s FAILED\n' "$case"
        failed=1
    fi
    rm -f "$log"
done
exit "$failed"
