#!/usr/bin/env bash
# lintian.sh ROOT PACKAGE: what Debian's checker says of a package is a failure; what is meant is in packaging/debian/lintian-overrides, with its reason.
# It is unpacked, not installed, where this machine has none.
set -euo pipefail
root=$1 package=$2
options=(--no-cfg --allow-root --fail-on 'error,warning')
if command -v lintian >/dev/null; then
    lintian "${options[@]}" "$package"
elif command -v apt-get >/dev/null; then
    folder=$root/output/tools/packages/lintian
    [[ -d $folder ]] || "$root/build/unpack.sh" "$root/output/tools" lintian lintian >&2
    libraries=$(find "$folder" -name '*.so*' -printf '%h\n' | sort -u | paste -sd :)
    modules=$(printf '%s:' "$folder/usr/share/perl5" "$folder"/usr/lib/*/perl5/* "$folder"/usr/lib/*/perl-base)
    LINTIAN_BASE=$folder/usr/share/lintian PERL5LIB=$modules PATH=$PATH:$folder/usr/bin LD_LIBRARY_PATH=$libraries \
        perl "$folder/usr/bin/lintian" "${options[@]}" "$package"
else
    echo 'packages: there is no lintian, and no apt to get it'
    exit 0
fi
echo 'packages: lintian has nothing to say'
