#!/bin/sh
# install.sh [--prefix FOLDER] [--uninstall]: puts ServiceCtl below FOLDER, for root /usr/local, for others ~/.local.
#
# Each version gets a folder of its own, and one link says which counts. It is changed by a rename, so that an agent and PowerShell sessions that
# have the old version loaded keep it, and everybody who comes later gets the whole new one. The version before is kept until the next installation.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
prefix=
uninstall=
while [ $# -gt 0 ]; do
    case $1 in
        --prefix)
            [ $# -ge 2 ] || { echo "install.sh: --prefix takes a folder" >&2; exit 2; }
            prefix=$2
            shift
            ;;
        --prefix=*) prefix=${1#--prefix=} ;;
        --uninstall) uninstall=1 ;;
        -h | --help)
            sed -n '2s/^# //p; 4,5s/^# //p' "$0"
            exit 0
            ;;
        *)
            echo "install.sh: $1 is unknown; --help says what is known" >&2
            exit 2
            ;;
    esac
    shift
done
if [ -z "$prefix" ]; then
    if [ "$(id -u)" = 0 ]; then prefix=/usr/local; else prefix=$HOME/.local; fi
fi
case $prefix in
    /*) ;;
    *) prefix=$PWD/$prefix ;;
esac
lib=$prefix/lib/servicectl

# link TARGET PATH: a link that takes the place of another in one step; a file or folder that is not ours is left alone.
link() {
    if [ -e "$2" ] && [ ! -L "$2" ]; then
        echo "install.sh: $2 is not a link of ours; it was left alone" >&2
        return
    fi
    mkdir -p "$(dirname "$2")"
    ln -s "$1" "$2.new.$$"
    mv -fT "$2.new.$$" "$2"
}

# Everything outside of $lib is a link into it.
links() {
    echo "lib/servicectl/current/ServiceCtl/Dependencies/servicectl bin/servicectl"
    echo "lib/servicectl/current/ServiceCtl share/powershell/Modules/ServiceCtl"
    (cd "$1" && find share -type f) | while read -r file; do
        echo "lib/servicectl/current/ServiceCtl/$file $file"
    done
}

if [ -n "$uninstall" ]; then
    [ -e "$lib/current" ] || { echo "install.sh: nothing is installed below $prefix" >&2; exit 1; }
    if "$prefix/bin/servicectl" agent status >/dev/null 2>&1; then
        echo "install.sh: your agent is running. Stop it first: 'servicectl agent stop --force' stops the services, too." >&2
        exit 1
    fi
    links "$lib/current/ServiceCtl" | while read -r target path; do
        if [ "$(readlink "$prefix/$path" 2>/dev/null)" = "$prefix/$target" ]; then rm -f "$prefix/$path"; fi
    done
    rm -rf "$lib"
    echo "ServiceCtl was removed from $prefix. What the agent keeps stays: 'servicectl' has its catalog and logs in /var/lib/servicectl (root) or ~/.local/state/servicectl."
    exit 0
fi

version=$("$here/ServiceCtl/Dependencies/servicectl" version | cut -d' ' -f2)
# Two builds of one version differ, too.
mark=$(cat "$here/ServiceCtl/Dependencies/servicectl" "$here/ServiceCtl/ServiceCtl.Cmdlets.dll" | cksum | cut -d' ' -f1)
folder=$version-$mark
before=$(readlink "$lib/current" 2>/dev/null || true)
if [ ! -d "$lib/$folder" ]; then
    mkdir -p "$lib"
    rm -rf "$lib/.new."*
    mkdir "$lib/.new.$$"
    cp -R "$here/ServiceCtl" "$lib/.new.$$/ServiceCtl"
    [ "$(id -u)" != 0 ] || chown -R 0:0 "$lib/.new.$$"
    mv -T "$lib/.new.$$" "$lib/$folder"
fi
link "$folder" "$lib/current"
links "$lib/current/ServiceCtl" | while read -r target path; do
    link "$prefix/$target" "$prefix/$path"
done
# Installed once more, it has nothing to clear away.
if [ "$before" != "$folder" ]; then
    for other in "$lib"/*/; do
        case $(basename "$other") in
            "$folder" | "$before" | current) ;;
            *) rm -rf "$other" ;;
        esac
    done
fi
echo "ServiceCtl $version is installed below $prefix."
if "$prefix/bin/servicectl" agent status >/dev/null 2>&1; then
    "$prefix/bin/servicectl" agent restart
fi
case :$PATH: in
    *:"$prefix/bin":*) ;;
    *) echo "Add $prefix/bin to PATH." ;;
esac
