namespace ServiceCtl.Contracts;

/// <summary>
/// <c>*</c>, <c>?</c> and sets such as <c>[12]</c>, <c>[a-c]</c> and <c>[!12]</c>, as in shells, within one name. Not regular expressions:
/// the few patterns that every agent has took 5 MB of its memory as such.
/// </summary>
public static class Wildcard
{
    /// <summary>Only the last <c>*</c> is ever retried, so no pattern takes more than its length times the name's.</summary>
    public static bool IsMatch(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        var (at, star, retry) = (0, -1, 0);
        for (var position = 0; position < name.Length;)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                star = at++;
                retry = position;
            }
            else if (at < pattern.Length && MatchesOne(pattern[at..], name[position], out var length))
            {
                at += length;
                position++;
            }
            else if (star >= 0)
            {
                at = star + 1;
                position = ++retry;
            }
            else
            {
                return false;
            }
        }

        return pattern[at..].TrimStart('*').IsEmpty;
    }

    /// <summary>Does every range of its sets have its ends in order? Others, such as <c>[z-a]</c>, match nothing.</summary>
    public static bool HasOrderedRanges(ReadOnlySpan<char> pattern)
    {
        for (var at = 0; at < pattern.Length; at++)
        {
            if (!TryReadSet(pattern[at..], out var set, out _, out var length))
                continue;
            at += length - 1;
            for (var item = 0; item < set.Length; item += IsRange(set, item) ? 3 : 1)
            {
                if (IsRange(set, item) && set[item] > set[item + 2])
                    return false;
            }
        }

        return true;
    }

    private static bool MatchesOne(ReadOnlySpan<char> pattern, char letter, out int length)
    {
        if (!TryReadSet(pattern, out var set, out var isNegated, out length))
            return pattern[0] == '?' || pattern[0] == letter;
        for (var item = 0; item < set.Length; item += IsRange(set, item) ? 3 : 1)
        {
            if (letter >= set[item] && letter <= set[IsRange(set, item) ? item + 2 : item])
                return !isNegated;
        }

        return isNegated;
    }

    /// <summary>
    /// The set that a pattern begins with. An opening bracket without a closing one stands for itself; a closing one right after it belongs
    /// to the set, as in shells.
    /// </summary>
    private static bool TryReadSet(ReadOnlySpan<char> pattern, out ReadOnlySpan<char> set, out bool isNegated, out int length)
    {
        set = [];
        length = 1;
        isNegated = pattern is ['[', '!' or '^', ..];
        var begin = isNegated ? 2 : 1;
        if (pattern[0] != '[' || pattern.Length <= begin + 1 || pattern[(begin + 1)..].IndexOf(']') is var end && end < 0)
            return false;
        set = pattern[begin..(begin + 1 + end)];
        length = begin + set.Length + 1;
        return true;
    }

    private static bool IsRange(ReadOnlySpan<char> set, int item) => item + 2 < set.Length && set[item + 1] == '-';
}
