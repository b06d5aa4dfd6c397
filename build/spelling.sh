# Spelling of what people read: pages, changelog, help. Sourced by build.sh. build/words.txt has the words that the dictionary lacks.
# shellcheck shell=bash disable=SC2154 # names of build.sh

# prose_of FILE: its words, without code, addresses and tags.
# shellcheck disable=SC2016 # they are backquotes
prose_of() {
    case $1 in
        # Code, blocks of it, links' targets and comments; then words that are names.
        *.md) sed -e '/^```/,/^```$/d' -e 's/`[^`]*`/ /g' -e 's/\](\([^)]*\))/] /g' -e 's/<!--.*-->//' "$1" ;;
        *.xml) sed -e '/<code>/,/<\/code>/d' -e 's/<[^>]*>/ /g' "$1" ;;
        *.txt) sed -e '/^        /d' "$1" ;;
    esac | sed -E -e 's#https?://[^ )]*# #g' -e "s/(^|[ (])'[^' ][^']*'/ /g" -e 's/&[a-z]+;/ /g' -e 's#[^ ]*[][_/.@=$*~<>{}:0-9\\-][^ ]*[A-Za-z0-9]# #g' \
        -e 's/\b[A-Z]*[a-z]*[a-z][A-Z][A-Za-z]*\b/ /g' -e 's/\b[A-Z]{2,}s?\b/ /g'
}

# unknown_words: of its input, the words that neither the dictionary nor build/words.txt has.
unknown_words() {
    DICPATH=$output/tools/packages/hunspell/usr/share/hunspell LC_ALL=C.UTF-8 "$output/tools/bin/hunspell" -l -i utf-8 -d en_GB -p build/words.txt | sort -u
}

run_spelling() {
    local files file unknown
    cd "$root" || return
    mapfile -t files < <(git ls-files --cached --others --exclude-standard -- '*.md' 'src/ServiceCtl.Cmdlets/Help/*.xml' 'module/en-US/*.txt')
    # Once for all: to load the dictionary takes longer than to use it.
    unknown=$(for file in "${files[@]}"; do prose_of "$file"; done | unknown_words)
    [[ -n $unknown ]] || return 0
    for file in "${files[@]}"; do
        grep -nwHFf <(printf '%s\n' "$unknown") "$file" | head -n 20 || true
    done
    printf 'unknown: %s\na word that is right goes into build/words.txt\n' "$(tr '\n' ' ' <<<"$unknown")"
    return 1
}
