# ./build.sh compat: this version beside the last commit of the version before. Sourced by build.sh.
# shellcheck shell=bash disable=SC2154 # names of build.sh

# The last commit of 0.1. With the next minor version this becomes the last of 0.2.
readonly older_commit=ed1690bee45798c9354b8434c35a0bbac27fcf65

# Builds the older command, once, as a program for .NET: native code says the same and takes minutes more. Its path is in older_command.
build_older() {
    local folder=$output/tools/older/$older_commit
    older_command=$folder/command/servicectl
    [[ ! -x $older_command ]] || return 0
    git -C "$root" cat-file -e "$older_commit^{commit}" 2>/dev/null || fail "the older version is commit $older_commit, which this clone has not: git fetch --unshallow"
    rm -rf "$folder"
    mkdir -p "$folder/source"
    git -C "$root" archive "$older_commit" | tar -x --directory "$folder/source" &&
        quietly dotnet publish "$folder/source/src/ServiceCtl.Host" --configuration Release --output "$folder/command.new" \
            -p:NativeCommand=false -p:PublishAot=false -p:SelfContained=false -verbosity:quiet &&
        rm -rf "$folder/source" && mv "$folder/command.new" "$folder/command"
}
