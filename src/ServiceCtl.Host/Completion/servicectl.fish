# fish completion for servicectl. Files are offered as well, since many words may be paths.
function __servicectl_complete
    set -l words (commandline --tokenize --cut-at-cursor --current-process)
    set -l current (commandline --cut-at-cursor --current-token)
    $words[1] __complete $words[2..-1] "$current" 2>/dev/null
end
complete --command servicectl --keep-order --arguments '(__servicectl_complete)'
