using System.Reflection;
using System.Text.RegularExpressions;
using ServiceCtl.Contracts;

namespace ServiceCtl.Tests.Unit;

/// <summary>The house rules of docs/architecture.md that a compiler can't keep.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly Assembly Contracts = typeof(PyService).Assembly;

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
    public void A_room_of_the_engine_uses_rooms_on_lower_floors_only()
    {
        var root = Repository.Root;
        var floors = FloorInTable().Matches(File.ReadAllText(Path.Combine(root, "docs", "architecture.md")))
            .ToDictionary(row => row.Groups["room"].Value, row => int.Parse(row.Groups["floor"].Value));

        foreach (var room in Directory.GetDirectories(Path.Combine(root, "src", "ServiceCtl.Engine")).Select(folder => Path.GetFileName(folder)))
        {
            if (room is "bin" or "obj")
                continue;

            Assert.True(floors.TryGetValue(room, out var floor), $"docs/architecture.md does not tell on which floor the room {room} is");
            foreach (var file in Directory.GetFiles(Path.Combine(root, "src", "ServiceCtl.Engine", room), "*.cs", SearchOption.AllDirectories))
            {
                var above = UsedRoom().Matches(File.ReadAllText(file)).Select(use => use.Groups["room"].Value)
                    .Where(used => used != room && floors[used] >= floor);
                Assert.True(!above.Any(), $"{file} is on floor {floor} and uses {string.Join(", ", above)}");
            }
        }
    }

    [GeneratedRegex(@"^\| (?<floor>\d) \| `(?<room>\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex FloorInTable();

    [GeneratedRegex(@"^using (static )?ServiceCtl\.Engine\.(?<room>\w+)", RegexOptions.Multiline)]
    private static partial Regex UsedRoom();
}
