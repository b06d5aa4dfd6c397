namespace ServiceCtl.Tests.Unit.Architecture;

/// <summary>What the house forbids, found in the uses of its sources.</summary>
internal static class Walls
{
    /// <summary>What stands above all rooms, in the engine's own folder.</summary>
    public const string Verbs = "ServiceManager";

    private const string Engine = "ServiceCtl.Engine";
    private static readonly string[] Faces = ["ServiceCtl.Cmdlets", "ServiceCtl.Host"];

    /// <summary>Uses of a room on the same floor or above.</summary>
    public static IEnumerable<Use> Upwards(IEnumerable<Use> uses, IReadOnlyDictionary<string, int> floors) =>
        from use in uses
        let room = RoomOf(use.From)
        let used = RoomOf(use.To)
        where room is not null && used is not null && room != used && floors[used] >= floors[room]
        select use;

    /// <summary>Uses of an assembly that the user's own may not know: a face by the engine, anybody by the contracts, one face by the other.</summary>
    public static IEnumerable<Use> Outwards(IEnumerable<Use> uses) =>
        from use in uses
        let assembly = AssemblyOf(use.From)
        let used = AssemblyOf(use.To)
        where assembly != used && (assembly == "ServiceCtl.Contracts" || Faces.Contains(used))
        select use;

    /// <summary>Uses of the engine by a face, beyond the files that are open to it.</summary>
    public static IEnumerable<Use> PastTheDoor(IEnumerable<Use> uses, Func<string, string, bool> openTo) =>
        from use in uses
        let face = AssemblyOf(use.From)
        where Faces.Contains(face) && AssemblyOf(use.To) == Engine && !openTo(face, use.To)
        select use;

    /// <summary>Folders that use each other, directly or through others: each circle once, as the set of its folders.</summary>
    public static IReadOnlyList<string> Circles(IEnumerable<Use> uses)
    {
        var edges = uses.Where(use => use.FromFolder != use.ToFolder)
            .GroupBy(use => use.FromFolder, use => use.ToFolder)
            .ToDictionary(group => group.Key, group => group.ToHashSet());
        return
        [
            .. edges.Keys.Select(folder => Reachable(folder, edges).Where(other => Reachable(other, edges).Contains(folder)).Append(folder).Distinct().Order(StringComparer.Ordinal))
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

    /// <summary>The room of a file of the engine; null for another assembly.</summary>
    private static string? RoomOf(string path) => path.Split('/') switch
    {
        [Engine, var room, _, ..] => room,
        [Engine, _] => Verbs,
        _ => null,
    };
}
