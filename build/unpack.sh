#!/usr/bin/env bash
# unpack.sh TOOLS PACKAGE PROGRAM [MORE...]: a Debian package, MORE of them, and those that they depend on and this machine has not, go into TOOLS/packages/PACKAGE.
# TOOLS/bin/PROGRAM starts the program with their libraries. Nothing is installed, no daemon is started.
set -euo pipefail
tools=$1 package=$2 program=$3
shift 3
folder=$tools/packages/$package

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
# An old list names packages that are gone.
[[ $(id -u) != 0 ]] || apt-get --option DPkg::Lock::Timeout=120 update
simulated=$(apt-get install --simulate --no-install-recommends "$package" "$@")
mapfile -t packages < <({
    printf '%s\n' "$package" "$@"
    sed -n 's/^Inst \([^ ]*\).*/\1/p' <<<"$simulated"
} | sort -u)
apt-get download "${packages[@]}"
for archive in *.deb; do
    dpkg -x "$archive" files
done

file=$(find files -path "*bin/$program" | head -n 1)
[[ -n $file ]] || {
    printf 'The package %s has no program %s.\n' "$package" "$program" >&2
    exit 1
}
libraries=$(find files -name '*.so*' -printf "$folder/%P\n" | xargs -r dirname | sort -u | paste -sd :)
rm -rf "$folder"
mkdir -p "$tools/packages" "$tools/bin"
mv files "$folder"
printf '#!/bin/sh\nLD_LIBRARY_PATH=%q exec %q "$@"\n' "$libraries" "$folder/${file#files/}" >launcher
chmod +x launcher
mv launcher "$tools/bin/$program"
