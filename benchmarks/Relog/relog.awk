# The same work in awk: INFO dropped, ERROR records to one file, the rest to the other, exceptions counted by type and last frame.
# mawk -v errors=FILE -v exceptions=FILE -f relog.awk LOG
function finish() {
    if (type != "") {
        count[type "\t" frame]++
        total++
    }
    type = frame = ""
    open = chained = grouped = 0
}
{ lines++ }
substr($0, 1, 6) == "[pid: " {
    dropped++
    if (open) finish()
    next
}
substr($0, 1, 1) == "[" {
    if (open) finish()
    if ($0 ~ /^\[[^]]*\] (- |INFO )/) {
        dropped++
    } else if ($0 ~ /^\[[^]]*\] ERROR in [a-z_]+: Exception on /) {
        open = 1
        print > exceptions
    } else if ($0 ~ /^\[[^]]*\] ERROR /) {
        internal++
        print > errors
    } else {
        print > exceptions
    }
    next
}
{
    print > exceptions
    open = 1
    if (substr($0, 1, 8) == "  File \"") {
        frame = $0
    } else if ($0 ~ /^  [|+]/) {
        grouped = 1
        if (substr($0, 1, 12) == "  |   File \"") frame = substr($0, 5)
        else if (type == "" && $0 ~ /^  \| [A-Za-z_][A-Za-z0-9_.]*(: |$)/) type = name(substr($0, 5))
    } else if ($0 == "Traceback (most recent call last):") {
        if (type != "" && !chained) finish()
        open = 1
        chained = 0
    } else if ($0 ~ /^(During handling of|The above exception was)/) {
        chained = 1
    } else if (!grouped && $0 ~ /^[A-Za-z_][A-Za-z0-9_.]*(: |$)/) {
        type = name($0)
    }
}
function name(text,    colon) {
    colon = index(text, ":")
    return colon ? substr(text, 1, colon - 1) : text
}
END {
    if (open) finish()
    printf "%d\t%d\t%d\t%d\n", lines, dropped, internal, total
    for (key in count) printf "%s\t%d\n", key, count[key]
}
