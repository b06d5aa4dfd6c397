using ServiceCtl.Contracts;
using ServiceCtl.Engine.Supervision;

namespace ServiceCtl.Engine.Agent;

/// <summary>What services require, by the configurations on disk, read for some of them and everything they need.</summary>
internal sealed class Requirements
{
    private readonly Dictionary<string, IReadOnlyList<string>?> _known = new(StringComparer.Ordinal);

    private Requirements()
    {
    }

    public static async Task<Requirements> ReadAsync(
        IEnumerable<string> names, Func<string, Supervisor?> find, CancellationToken cancellation)
    {
        var requirements = new Requirements();
        var next = names.ToArray();
        while (next.Length > 0)
        {
            var read = await Task.WhenAll(next.Select(name => ReadAsync(find(name), cancellation)));
            for (var i = 0; i < next.Length; i++)
                requirements._known[next[i]] = read[i];
            next = [.. read.OfType<IReadOnlyList<string>>().SelectMany(required => required).Distinct(StringComparer.Ordinal)
                .Where(name => !requirements._known.ContainsKey(name))];
        }

        return requirements;
    }

    /// <summary>What one of them requires; null for a service that is not known.</summary>
    public IReadOnlyList<string>? Of(string name) => _known.GetValueOrDefault(name);

    private static async Task<IReadOnlyList<string>?> ReadAsync(Supervisor? supervisor, CancellationToken cancellation)
    {
        if (supervisor is null)
            return null;
        try
        {
            return (await supervisor.ReadDefinitionAsync(cancellation)).Requires;
        }
        catch (ServiceCtlException)
        {
            // Its own start tells what is wrong with it.
            return [];
        }
    }
}
