using System.IO.Enumeration;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Services;

/// <summary>A name as a user writes it: literal, or a pattern with <c>*</c> and <c>?</c>. Case counts, as it does in file names.</summary>
public readonly record struct NamePattern(string Text)
{
    public bool IsLiteral => !Text.AsSpan().ContainsAny('*', '?');

    public bool Matches(string name) => FileSystemName.MatchesSimpleExpression(Text, name, ignoreCase: false);

    /// <summary>The names that the patterns select, each once, in the order of <paramref name="names"/>; and the literal patterns that select none.</summary>
    public static (IReadOnlyList<string> Selected, IReadOnlyList<string> Missing) Select(
        IReadOnlyList<string> patterns, IReadOnlyList<string> names)
    {
        if (patterns.Count == 0)
            return (names, []);

        var all = patterns.Select(text => new NamePattern(text)).ToArray();
        return (
            [.. names.Where(name => all.Any(pattern => pattern.Matches(name)))],
            [.. all.Where(pattern => pattern.IsLiteral && !names.Any(pattern.Matches)).Select(pattern => pattern.Text).Distinct()]);
    }

    public static ServiceCtlException NotFound(string name) => new(
        ErrorCode.ServiceNotFound, name, $"No service named {name} is registered.",
        "Get-PyService lists the known ones; Register-PyService, or any verb in the service's folder, makes it known.");
}
