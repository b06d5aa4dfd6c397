using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Services;

/// <summary>
/// A name as a user writes it, in both faces: literal, or a pattern with <c>*</c>, <c>?</c> and sets such as <c>[12]</c>, <c>[a-c]</c> and <c>[!12]</c>.
/// <c>!</c> or <c>-</c> before it excludes what it matches. Case counts, as it does in file names.
/// </summary>
public readonly record struct NamePattern(string Text)
{
    public bool IsLiteral => !IsExclusion && !IsSpecial(Text);

    /// <summary>Names of services begin with a letter or a digit, so that no name is meant.</summary>
    public bool IsExclusion => Text.Length > 1 && Text[0] is '!' or '-';

    /// <summary>Does the pattern, without the sign of an exclusion, match a name?</summary>
    public bool Matches(string name)
    {
        var pattern = IsExclusion ? Text.AsSpan(1) : Text;
        // Keys of configurations hold brackets themselves: users[0].name.
        return pattern.SequenceEqual(name) || IsMatch(pattern, name);
    }

    /// <summary>The names that the patterns select, each once, in the order of <paramref name="names"/>; and the literal patterns that select none.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ServiceNotFound"/>: an excluded name that is not there. Who mistypes what must not be stopped had better hear it before.</exception>
    public static (IReadOnlyList<string> Selected, IReadOnlyList<string> Missing) Select(
        IReadOnlyList<string> patterns, IReadOnlyList<string> names)
    {
        if (patterns.Count == 0)
            return (names, []);

        var all = patterns.Select(text => new NamePattern(text)).ToLookup(pattern => pattern.IsExclusion);
        foreach (var excluded in all[true])
        {
            if (!IsSpecial(excluded.Text) && !names.Any(excluded.Matches))
                throw NotFound(excluded.Text[1..]);
        }

        return (
            [.. names.Where(name => (!all[false].Any() || all[false].Any(pattern => pattern.Matches(name))) && !all[true].Any(pattern => pattern.Matches(name)))],
            [.. all[false].Where(pattern => pattern.IsLiteral && !names.Any(pattern.Matches)).Select(pattern => pattern.Text).Distinct()]);
    }

    public static ServiceCtlException NotFound(string name) => new(
        ErrorCode.ServiceNotFound, name, $"No service named {Shown(name)} is registered.",
        "'servicectl list' lists the registered services; 'servicectl register' adds one.");

    private static bool IsSpecial(string text) =>
        text.AsSpan().ContainsAny('*', '?') || (text.IndexOf('[', StringComparison.Ordinal) is var open and >= 0 && text.AsSpan(open).Contains(']'));

    /// <summary>The last <c>*</c> is the only one that ever has to be tried again: linear in the name for each, however many there are.</summary>
    private static bool IsMatch(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
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

    /// <summary>Does the first element of a pattern match a letter? An opening bracket without a closing one stands for itself.</summary>
    private static bool MatchesOne(ReadOnlySpan<char> pattern, char letter, out int length)
    {
        length = 1;
        // A bracket right after the opening one belongs to the set, as in shells.
        var isNegated = pattern is ['[', '!' or '^', ..];
        var begin = isNegated ? 2 : 1;
        if (pattern[0] != '[' || pattern.Length <= begin + 1 || pattern[(begin + 1)..].IndexOf(']') is var end && end < 0)
            return pattern[0] == '?' || pattern[0] == letter;

        var set = pattern[begin..(begin + 1 + end)];
        length = begin + set.Length + 1;
        for (var at = 0; at < set.Length; at++)
        {
            var isRange = at + 2 < set.Length && set[at + 1] == '-';
            if (letter >= set[at] && letter <= (isRange ? set[at + 2] : set[at]))
                return !isNegated;
            at += isRange ? 2 : 0;
        }

        return isNegated;
    }

    /// <summary>What was typed may hold anything; a terminal is to show it, not to obey it.</summary>
    private static string Shown(string name) => string.Concat(name.Take(80).Select(letter => char.IsControl(letter) ? '\uFFFD' : letter));
}
