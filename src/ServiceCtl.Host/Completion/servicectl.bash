# bash completion for servicectl. Needs no bash-completion package.
_servicectl() {
    local line=${COMP_LINE:0:COMP_POINT} words candidate means
    read -ra words <<<"$line"
    # A new word has begun where the line ends with a blank.
    [[ $line == *[[:blank:]] ]] && words+=('')
    # readline replaces only what follows the last = or :, so what is before that is taken off again.
    local current=${words[-1]} before=
    [[ $current == *[=:]* && $COMP_WORDBREAKS == *[=:]* ]] && before=${current%"${current##*[=:]}"}
    COMPREPLY=()
    while IFS=$'\t' read -r candidate means; do
        [[ $candidate == *= ]] && compopt -o nospace
        COMPREPLY+=("${candidate#"$before"}")
    done < <("${words[0]/#\~/$HOME}" __complete "${words[@]:1}" 2>/dev/null)
}
# Where there is nothing to offer, the shell's own files are.
complete -o bashdefault -o default -F _servicectl servicectl
