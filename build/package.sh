# ./build.sh package: what people install, made of output/ServiceCtl. Sourced by build.sh. packaging/README.md says what there is.
# shellcheck shell=bash disable=SC2154 # names of build.sh

version_of_product() { sed -n 's:.*<VersionPrefix>\(.*\)</VersionPrefix>.*:\1:p' "$root/Directory.Build.props"; }

# The time that stands for all others: of the commit, or, without one, of the changelog.
source_date() {
    git -C "$root" log -1 --format=%ct 2>/dev/null || stat --format=%Y "$root/CHANGELOG.md"
}

# make_packages DESTINATION: everything, afresh.
make_packages() {
    local work status=0
    command -v dpkg-deb >/dev/null || fail "dpkg-deb makes the Debian package; install dpkg"
    work=$(mktemp -d)
    rm -rf "$1"
    mkdir -p "$1"
    pack_into "$1" "$work" || status=$?
    rm -rf "$work"
    return "$status"
}

pack_into() {
    local destination=$1 work=$2 version rid
    version=$(version_of_product)
    rid=linux-$(uname -m | sed -e 's/x86_64/x64/' -e 's/aarch64/arm64/')
    export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(source_date)} TZ=UTC
    cp -a "$output/ServiceCtl" "$work/ServiceCtl"
    # Symbols are for those who build; what a debugger needs of a release is in the build of its commit.
    find "$work/ServiceCtl" -name '*.pdb' -delete
    "$SERVICECTL_PWSH" -NoProfile -NonInteractive -File "$root/packaging/module.ps1" -Module "$work/ServiceCtl" -Destination "$destination" \
        -Epoch "$SOURCE_DATE_EPOCH" -ProjectUrl "${PROJECT_URL:-}" &&
        "$root/packaging/deb.sh" "$work/ServiceCtl" "$destination" "$version" &&
        "$root/packaging/tarball.sh" "$work/ServiceCtl" "$destination" "$version" "$rid" &&
        "$SERVICECTL_PWSH" -NoProfile -NonInteractive -Command "& '$root/packaging/sbom.ps1' -Version '$version' -Sdk '$(dotnet --version)' -Epoch $SOURCE_DATE_EPOCH \
            -Destination '$destination' -Assets '$root/src/ServiceCtl.Host/obj/project.assets.json', '$root/src/ServiceCtl.Cmdlets/obj/project.assets.json'" &&
        (cd "$destination" && sha256sum -- * >../.sums && mv ../.sums SHA256SUMS)
}

# The same commit makes the same bytes, whenever it is packed and from whichever folder.
same_packages_again() {
    make_packages "$output/packages.again" || return
    diff --brief --recursive "$output/packages" "$output/packages.again" || return
    rm -rf "$output/packages.again"
}

# Wherever it is cloned, too: to paths of different lengths.
same_packages_twice() {
    local work status=0
    work=$(mktemp -d)
    packages_of_clone "$work/one" && packages_of_clone "$work/in/another/folder" &&
        diff "$work/one/output/packages/SHA256SUMS" "$work/in/another/folder/output/packages/SHA256SUMS" || status=$?
    ((status != 0)) || cat "$work/one/output/packages/SHA256SUMS"
    # Who wants to know what differs needs both.
    if ((status == 0)); then rm -rf "$work"; else echo "the two clones are in $work"; fi
    return "$status"
}

packages_of_clone() {
    git clone --quiet --no-hardlinks "$root" "$1" && SERVICECTL_PWSH=$SERVICECTL_PWSH quietly "$1/build.sh" package
}
