namespace ServiceCtl.Contracts;

/// <summary>
/// A name as a user writes it, in both faces: literal, or a pattern with <c>*</c>, <c>?</c> and sets such as <c>[12]</c>, <c>[a-c]</c> and
/// <c>[!12]</c>.
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
        return pattern.SequenceEqual(name) || Wildcard.IsMatch(pattern, name);
    }

    /// <summary>
    /// The names that the patterns select, each once, in the order of <paramref name="names"/>; and the literal patterns that select none.
    /// </summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ServiceNotFound"/>: an excluded name that is not there. Who mistypes what
    /// must not be stopped had better hear it before.</exception>
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
            [.. names.Where(
                name => (!all[false].Any() || all[false].Any(pattern => pattern.Matches(name)))
                    && !all[true].Any(pattern => pattern.Matches(name)))],
            [.. all[false].Where(pattern => pattern.IsLiteral && !names.Any(pattern.Matches)).Select(pattern => pattern.Text).Distinct()]);
    }

    public static ServiceCtlException NotFound(string name) => new(
        ErrorCode.ServiceNotFound, name, $"No service named {Shown(name)} is registered.",
        "'servicectl list' lists the registered services; 'servicectl register' adds one.");

    private static bool IsSpecial(string text) =>
        text.AsSpan().ContainsAny('*', '?')
            || (text.IndexOf('[', StringComparison.Ordinal) is var open and >= 0 && text.AsSpan(open).Contains(']'));

    /// <summary>What was typed may hold anything; a terminal is to show it, not to obey it.</summary>
    private static string Shown(string name) => string.Concat(name.Take(80).Select(letter => char.IsControl(letter) ? '\uFFFD' : letter));
}
