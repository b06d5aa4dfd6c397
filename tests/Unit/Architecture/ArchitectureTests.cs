using System.Reflection;
using System.Text.RegularExpressions;
using ServiceCtl.Contracts;

namespace ServiceCtl.Tests.Unit.Architecture;

/// <summary>The rules of docs/architecture.md that a compiler can't keep.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly Assembly Contracts = typeof(PyService).Assembly;

    /// <summary>
    /// What a face may use of the engine beside the verbs. The command is the agent, too, so it hosts its server side; daemons are a library.
    /// A new line here is a decision about the house, and is explained in docs/architecture.md.
    /// </summary>
    private static readonly Dictionary<string, string[]> OpenDoors = new()
    {
        ["ServiceCtl.Cmdlets"] = ["Daemons/"],
        ["ServiceCtl.Host"] =
        [
            "Agent/", "Messages/", "Configuration/Problems/Suggestion.cs", "Configuration/Schema/Types/DurationText.cs", "Processes/PeerCredentials.cs",
            "Processes/ServiceNotifier.cs", "Processes/InheritedSession.cs", "Processes/StandardOutput.cs", "Services/ListenAddress.cs", "Services/NamePattern.cs",
            "Services/ServiceConfigJson.cs",
        ],
    };

    private static readonly Lazy<IReadOnlyList<Use>> Uses = new(() => new SourceUses(Sources()).All());

    [Fact]
    public void Contracts_references_the_base_class_library_only()
    {
        Assert.All(Contracts.GetReferencedAssemblies(), reference => Assert.StartsWith("System.", reference.Name));
    }

    [Fact]
    public void Contracts_holds_no_type_that_can_be_inherited()
    {
        Assert.All(Contracts.GetExportedTypes(), type => Assert.True(type.IsSealed, $"{type} is not sealed"));
    }

    [Fact]
    public void Every_room_of_the_engine_has_a_floor()
    {
        var rooms = Directory.GetDirectories(Path.Combine(Repository.Root, "src", "ServiceCtl.Engine")).Select(Path.GetFileName).Where(room => room is not ("bin" or "obj")).Append(Walls.Verbs);

        Assert.Equal(rooms.Order(StringComparer.Ordinal), Floors().Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_room_uses_rooms_on_lower_floors_only()
    {
        Assert.Empty(Walls.Upwards(Uses.Value, Floors()));
    }

    [Fact]
    public void Assemblies_know_those_below_them_only()
    {
        Assert.Empty(Walls.Outwards(Uses.Value));
    }

    [Fact]
    public void Folders_of_the_engine_do_not_use_each_other_in_a_circle()
    {
        var circles = Walls.Circles(Uses.Value.Where(use => use.From.StartsWith("ServiceCtl.Engine/", StringComparison.Ordinal)));

        Assert.True(circles.Count == 0, string.Join('\n', circles));
    }

    [Fact]
    public void A_face_uses_of_the_engine_what_is_open_to_it()
    {
        Assert.Empty(Walls.PastTheDoor(Uses.Value, (face, file) => file.StartsWith("ServiceCtl.Engine/ServiceManager", StringComparison.Ordinal)
            || OpenDoors[face].Any(door => file.StartsWith($"ServiceCtl.Engine/{door}", StringComparison.Ordinal))));
    }

    private static IEnumerable<(string Path, string Text)> Sources()
    {
        var src = Path.Combine(Repository.Root, "src");
        return from file in Directory.EnumerateFiles(src, "*.cs", SearchOption.AllDirectories)
               let path = Path.GetRelativePath(src, file)
               where path.Split('/') is var parts && !parts.Contains("bin") && !parts.Contains("obj")
               select (path, File.ReadAllText(file));
    }

    private static Dictionary<string, int> Floors() =>
        FloorInTable().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "architecture.md")))
            .ToDictionary(row => row.Groups["room"].Value, row => int.Parse(row.Groups["floor"].Value));

    [GeneratedRegex(@"^\| (?<floor>\d) \| `(?<room>\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex FloorInTable();
}
