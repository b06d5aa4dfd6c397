using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Client;

/// <summary>Services chosen by names and patterns, in the same way in both faces.</summary>
public static class ServiceSelection
{
    /// <summary>Does a name select by pattern, or exclude, instead of being one service's?</summary>
    public static bool IsPattern(string name) => !new NamePattern(name).IsLiteral;

    /// <summary>Does a pattern take names out of the selection?</summary>
    public static bool IsExclusion(string pattern) => new NamePattern(pattern).IsExclusion;

    /// <summary>Does a pattern match a name?</summary>
    public static bool Matches(string pattern, string name) => new NamePattern(pattern).Matches(name);

    /// <summary>The names that patterns select, in the order of <paramref name="names"/>, and the literal patterns that select none.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ServiceNotFound"/>: an excluded name that is not there.</exception>
    public static (IReadOnlyList<string> Selected, IReadOnlyList<string> Missing) Select(IReadOnlyList<string> patterns, IReadOnlyList<string> names) =>
        NamePattern.Select(patterns, names);

    /// <summary>The error for a name that is not registered.</summary>
    public static ErrorReport UnknownService(string name) => NamePattern.NotFound(name).Report;
}
