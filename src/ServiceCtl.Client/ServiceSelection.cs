using ServiceCtl.Contracts;

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

    /// <summary>Is a name among those that patterns choose? Exclusions alone choose all others.</summary>
    public static bool Chooses(IReadOnlyList<string> patterns, string name)
    {
        var parsed = patterns.Select(pattern => new NamePattern(pattern)).ToList();
        return !parsed.Exists(pattern => pattern.IsExclusion && pattern.Matches(name))
            && (parsed.TrueForAll(pattern => pattern.IsExclusion)
                || parsed.Exists(pattern => !pattern.IsExclusion && pattern.Matches(name)));
    }

    /// <summary>
    /// The names that patterns select, in the order of <paramref name="names"/>, and the literal patterns that select none.
    /// </summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ServiceNotFound"/>: an excluded name that is not there.</exception>
    public static (IReadOnlyList<string> Selected, IReadOnlyList<string> Missing) Select(
        IReadOnlyList<string> patterns, IReadOnlyList<string> names) =>
        NamePattern.Select(patterns, names);

    /// <summary>
    /// The services that names and patterns choose, each once, in the order of the names. A literal name that is not known is reported, and
    /// the others are found.
    /// </summary>
    /// <param name="names">None choose none.</param>
    /// <param name="list">Lists the services of some names, or all; it knows services by other things than their names, too.</param>
    /// <param name="nameOf">What one is called.</param>
    /// <param name="report">Hears of a name that is not known, and of an excluded one, for which nothing is chosen.</param>
    public static async Task<IReadOnlyList<T>> PickAsync<T>(
        IReadOnlyList<string> names, Func<IReadOnlyList<string>, Task<IReadOnlyList<T>>> list, Func<T, string> nameOf,
        Action<ServiceCtlException> report)
    {
        if (names.Count == 0)
            return [];
        // A single name is asked for; more are picked from the list.
        if (names is [var only] && !IsPattern(only))
            return await FindAsync(only);

        var found = new Dictionary<string, T>(StringComparer.Ordinal);
        var known = (await list([])).ToDictionary(nameOf, StringComparer.Ordinal);
        string[] exclusions = [.. names.Where(IsExclusion)];
        foreach (var name in exclusions.Length == names.Count ? ["*"] : names.Except(exclusions))
        {
            var others = !IsPattern(name) && !known.ContainsKey(name) ? await FindAsync(name) : [];
            foreach (var service in SelectKnown([name, .. exclusions]).Concat(others))
                found.TryAdd(nameOf(service), service);
        }

        return [.. found.Values];

        IEnumerable<T> SelectKnown(IReadOnlyList<string> patterns)
        {
            try
            {
                return Select(patterns, [.. known.Keys]).Selected.Select(match => known[match]);
            }
            catch (ServiceCtlException error) when (error.Code == ErrorCode.ServiceNotFound)
            {
                report(error);
                return [];
            }
        }

        async Task<IReadOnlyList<T>> FindAsync(string name)
        {
            try
            {
                return await list([name]);
            }
            catch (ServiceCtlException error) when (error.Code == ErrorCode.ServiceNotFound)
            {
                report(error);
                return [];
            }
        }
    }

    /// <summary>The error for a name that is not registered.</summary>
    public static ErrorReport UnknownService(string name) => NamePattern.NotFound(name).Report;
}
