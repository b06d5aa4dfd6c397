# Sourced by the scripts beside it: what all packages have in common.
# shellcheck shell=bash

# fixed_times FOLDER: times of the commit, and the modes of a fresh installation, whatever umask it was made with.
fixed_times() {
    find "$1" -type d -exec chmod 755 {} +
    find "$1" -type f -not -perm -u+x -exec chmod 644 {} +
    find "$1" -type f -perm -u+x -exec chmod 755 {} +
    find "$1" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
}

# pack FOLDER NAME ARCHIVE: NAME in FOLDER as a tar.gz of root's, sorted, without the time of packing.
pack() {
    tar --create --format=gnu --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" --directory "$1" "$2" | gzip --no-name --best >"$3"
}
