namespace ServiceCtl.Tests.Unit.Architecture;

/// <summary>What the house forbids, found in the uses of its sources.</summary>
internal static class Walls
{
    private const string Engine = "ServiceCtl.Engine";
    private static readonly string[] Faces = ["ServiceCtl.Cmdlets", "ServiceCtl.Host"];

    /// <summary>From the ground up; the faces stand side by side.</summary>
    private static readonly string[] Assemblies = ["ServiceCtl.Contracts", Engine, "ServiceCtl.Client"];

    /// <summary>Uses of a room on the same floor or above.</summary>
    public static IEnumerable<Use> Upwards(IEnumerable<Use> uses, IReadOnlyDictionary<string, int> floors) =>
        from use in uses
        let room = RoomOf(use.From)
        let used = RoomOf(use.To)
        where room is not null && used is not null && room != used && floors[used] >= floors[room]
        select use;

    /// <summary>Uses of an assembly that the user's own may not know: one above it, or the other face.</summary>
    public static IEnumerable<Use> Outwards(IEnumerable<Use> uses) =>
        from use in uses
        let assembly = AssemblyOf(use.From)
        let used = AssemblyOf(use.To)
        where assembly != used && LevelOf(used) >= LevelOf(assembly)
        select use;

    /// <summary>Uses of the engine by a face, which is to call the client, beyond the files that are open to a folder of it.</summary>
    public static IEnumerable<Use> PastTheClient(IEnumerable<Use> uses, Func<string, string, bool> openTo) =>
        from use in uses
        where Faces.Contains(AssemblyOf(use.From)) && AssemblyOf(use.To) == Engine && !openTo(use.From, use.To)
        select use;

    /// <summary>Folders that use each other, directly or through others: each circle once, as the set of its folders.</summary>
    public static IReadOnlyList<string> Circles(IEnumerable<Use> uses)
    {
        var edges = uses.Where(use => use.FromFolder != use.ToFolder)
            .GroupBy(use => use.FromFolder, use => use.ToFolder)
            .ToDictionary(group => group.Key, group => group.ToHashSet());
        return
        [
            .. edges.Keys
                .Select(folder =>
                    Reachable(folder, edges).Where(other => Reachable(other, edges).Contains(folder)).Append(folder).Distinct()
                        .Order(StringComparer.Ordinal))
                .Select(circle => string.Join(" <-> ", circle)).Where(circle => circle.Contains("<->", StringComparison.Ordinal))
                .Distinct().Order(StringComparer.Ordinal),
        ];
    }

    private static HashSet<string> Reachable(string from, Dictionary<string, HashSet<string>> edges)
    {
        var seen = new HashSet<string>();
        var next = new Stack<string>([from]);
        while (next.TryPop(out var folder))
        {
            foreach (var other in edges.GetValueOrDefault(folder) ?? [])
            {
                if (seen.Add(other))
                    next.Push(other);
            }
        }

        return seen;
    }

    private static string AssemblyOf(string path) => path.Split('/')[0];

    private static int LevelOf(string assembly) => Array.IndexOf(Assemblies, assembly) is var level and >= 0 ? level : Assemblies.Length;

    /// <summary>The room of a file of the engine; null for another assembly, and in the engine's own folder.</summary>
    private static string? RoomOf(string path) => path.Split('/') switch
    {
        [Engine, var room, _, ..] => room,
        _ => null,
    };
}
