#!/usr/bin/env bash
# deb.sh MODULE DESTINATION VERSION: the staged module as a Debian package for this machine's kind. PROJECT_URL becomes its Homepage,
# MAINTAINER its maintainer.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
module=$1 destination=$2 version=$3
# shellcheck source=stage.sh
source "$here/stage.sh"
export LC_ALL=C.UTF-8

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tree=$work/tree
lib=$tree/usr/lib/servicectl
doc=$tree/usr/share/doc/servicectl
mkdir -p "$lib" "$doc" "$tree/DEBIAN" "$tree/usr/bin" "$tree/usr/lib/systemd/system" "$tree/usr/share/lintian/overrides"
cp -a "$module" "$lib/ServiceCtl"
# The distribution has its own places for these.
cp -a "$lib/ServiceCtl/share/." "$tree/usr/share/"
rm -rf "$lib/ServiceCtl/share"
ln -s ../lib/servicectl/ServiceCtl/Dependencies/servicectl "$tree/usr/bin/servicectl"
env --ignore-environment "$lib/ServiceCtl/Dependencies/servicectl" unit --agent | sed -e '/^# servicectl.service$/d' -e 's|^ExecStart=.* agent run|ExecStart=/usr/bin/servicectl agent run|' \
    >"$tree/usr/lib/systemd/system/servicectl.service"
grep -q '^ExecStart=/usr/bin/servicectl agent run$' "$tree/usr/lib/systemd/system/servicectl.service"

licence=$(sed -e '1,/^$/d' -e 's/^$/./' -e 's/^/ /' "$here/../LICENSE")
awk -v licence="$licence" '{ if ($0 == "@LICENSE@") print licence; else print }' "$here/debian/copyright.in" >"$doc/copyright"
maintainer=${MAINTAINER:-ServiceCtl contributors <root@localhost>}
gzip --no-name --best <"$here/../CHANGELOG.md" >"$doc/CHANGELOG.md.gz"
# The form is Debian's: https://www.debian.org/doc/debian-policy/ch-source.html#debian-changelog-debian-changelog
printf 'servicectl (%s) unstable; urgency=medium\n\n  * Version %s; CHANGELOG.md.gz says what is new.\n\n -- %s  %s\n' \
    "$version" "$version" "$maintainer" "$(date --utc --rfc-email --date="@$SOURCE_DATE_EPOCH")" | gzip --no-name --best >"$doc/changelog.gz"
cp "$here/debian/lintian-overrides" "$tree/usr/share/lintian/overrides/servicectl"
# A package of NuGet sets the bit on libraries.
chmod a-x "$lib"/ServiceCtl/Dependencies/*.so

# What the command is linked with says how old a libc may be.
command=$lib/ServiceCtl/Dependencies/servicectl
glibc=$(cat "$command" "$lib"/ServiceCtl/Dependencies/*.so | grep -aoE 'GLIBC_2\.[0-9]+' | sort -uV | tail -n 1)
fixed_times "$tree"
for script in postinst prerm postrm; do
    install -m 755 "$here/debian/$script" "$tree/DEBIAN/$script"
done
size=$(du --apparent-size -sk --exclude=DEBIAN "$tree" | cut -f1)
homepage=${PROJECT_URL:+Homepage: $PROJECT_URL\\n}
sed -e "s|@VERSION@|$version|" -e "s|@ARCH@|$(dpkg --print-architecture)|" -e "s|@SIZE@|$size|" -e "s|@GLIBC@|${glibc#GLIBC_}|" \
    -e "s|@MAINTAINER@|$maintainer|" -e "s|^@HOMEPAGE@|${homepage:-}|" "$here/debian/control.in" >"$tree/DEBIAN/control"
(cd "$tree" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum) >"$tree/DEBIAN/md5sums"
chmod 644 "$tree/DEBIAN/control" "$tree/DEBIAN/md5sums"
chmod 755 "$tree" "$tree/DEBIAN"
find "$tree" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
# One thread: where a thread's part ends is seen in the compressed bytes.
DPKG_DEB_THREADS_MAX=1 dpkg-deb --root-owner-group -Zxz --build "$tree" "$destination/servicectl_${version}_$(dpkg --print-architecture).deb" >/dev/null
