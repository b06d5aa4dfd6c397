using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Services.Catalog;

/// <summary>What <c>requires:</c> says about the order of several services.</summary>
public static class DependencyOrder
{
    /// <summary>The services with everything they require, directly or not.</summary>
    /// <param name="names">Where to begin.</param>
    /// <param name="requirements">What a service requires; null for a service that is not known.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ServiceNotFound"/> for an unknown requirement,
    /// <see cref="ErrorCode.ConfigInvalid"/> for a circle.</exception>
    public static IReadOnlyList<string> WithRequirements(IEnumerable<string> names, Func<string, IReadOnlyList<string>?> requirements)
    {
        var ordered = new List<string>();
        var done = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
            Visit(name, []);
        return ordered;

        void Visit(string name, List<string> path)
        {
            if (path.Contains(name))
                throw Circle([.. path[path.IndexOf(name)..], name]);
            if (done.Contains(name))
                return;

            var wanted = requirements(name) ?? throw Unknown(name, path);
            path.Add(name);
            foreach (var requirement in wanted)
                Visit(requirement, path);
            path.RemoveAt(path.Count - 1);
            done.Add(name);
            ordered.Add(name);
        }
    }

    private static ServiceCtlException Circle(IReadOnlyList<string> circle) => new(
        ErrorCode.ConfigInvalid, circle[0], $"Services require each other in a circle: {string.Join(" -> ", circle)}.",
        "Take one of them out of service.requires.");

    private static ServiceCtlException Unknown(string name, List<string> path) => path.Count == 0
        ? NamePattern.NotFound(name)
        : new ServiceCtlException(
            ErrorCode.ServiceNotFound, name, $"{path[^1]} requires {name}, which is not registered.",
            $"Register it, or take it out of service.requires of {path[^1]}.");
}
