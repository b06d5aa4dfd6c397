namespace ServiceCtl.Tests.Unit.Architecture;

/// <summary>Planted violations: the walls must see each of them.</summary>
public sealed class WallsTests
{
    private const string Supervisor = """
        namespace ServiceCtl.Engine.Supervision;
        public static class Supervisor { public const string Word = "w"; public static System.Collections.Generic.List<Kept> All() => []; }
        public sealed class Kept;
        """;

    private static readonly Dictionary<string, int> Floors = new() { ["Processes"] = 0, ["Logs"] = 1, ["Supervision"] = 2 };

    [Theory]
    [InlineData("a fully qualified name", "class Planted { object Reach() => typeof(global::ServiceCtl.Engine.Supervision.Supervisor); }")]
    [InlineData("an alias",
        "using Up = ServiceCtl.Engine.Supervision.Supervisor; namespace ServiceCtl.Engine.Processes; class Planted { object Reach() => "
            + "Up.All(); }")]
    [InlineData("using static",
        "using static ServiceCtl.Engine.Supervision.Supervisor; namespace ServiceCtl.Engine.Processes; class Planted { object Reach() "
            + "=> All(); }")]
    [InlineData("nameof", "class Planted { string Reach() => nameof(ServiceCtl.Engine.Supervision.Supervisor); }")]
    [InlineData("a constant", "class Planted { const string Reach = ServiceCtl.Engine.Supervision.Supervisor.Word; }")]
    [InlineData("an attribute's argument", "[System.Obsolete(ServiceCtl.Engine.Supervision.Supervisor.Word)] class Planted;")]
    [InlineData("new without a name", "class Planted { ServiceCtl.Engine.Supervision.Kept kept = new(); }")]
    [InlineData("a base type", "class Planted : System.Collections.Generic.List<ServiceCtl.Engine.Supervision.Kept>;")]
    public void A_reach_to_a_room_above_is_seen(string how, string planted)
    {
        var uses = UsesOf(("ServiceCtl.Engine/Supervision/Supervisor.cs", Supervisor), ("ServiceCtl.Engine/Processes/Planted.cs", planted));

        Assert.True(Walls.Upwards(uses, Floors).Any(use => use.From == "ServiceCtl.Engine/Processes/Planted.cs"), how);
    }

    [Fact]
    public void What_is_only_inferred_is_seen()
    {
        var uses = UsesOf(
            ("ServiceCtl.Engine/Supervision/Kept.cs", "namespace ServiceCtl.Engine.Supervision; public sealed class Kept;"),
            ("ServiceCtl.Engine/Logs/Door.cs",
                "namespace ServiceCtl.Engine.Logs; public static class Door { public static ServiceCtl.Engine.Supervision.Kept Open() "
                    + "=> new(); }"),
            ("ServiceCtl.Engine/Processes/Planted.cs",
                "class Planted { object Reach() { var kept = ServiceCtl.Engine.Logs.Door.Open(); return kept; } }"));

        Assert.Contains(Walls.Upwards(uses, Floors), use => use is { From: "ServiceCtl.Engine/Processes/Planted.cs", Type: "Kept" });
    }

    [Fact]
    public void A_name_in_a_comment_and_a_using_without_a_use_are_none()
    {
        var uses = UsesOf(
            ("ServiceCtl.Engine/Supervision/Supervisor.cs", Supervisor),
            ("ServiceCtl.Engine/Processes/Quiet.cs", "using ServiceCtl.Engine.Supervision; class Quiet { /* Supervisor.All() */ }"));

        Assert.Empty(Walls.Upwards(uses, Floors));
    }

    [Fact]
    public void A_circle_inside_a_room_is_seen_however_long_it_is()
    {
        var uses = UsesOf(
            ("ServiceCtl.Engine/Logs/A/One.cs", "public sealed class One { Two? next; }"),
            ("ServiceCtl.Engine/Logs/B/Two.cs", "public sealed class Two { Three? next; }"),
            ("ServiceCtl.Engine/Logs/C/Three.cs", "public sealed class Three { One? next; }"),
            ("ServiceCtl.Engine/Logs/D/Four.cs", "public sealed class Four { One? next; }"));

        Assert.Equal(["ServiceCtl.Engine/Logs/A <-> ServiceCtl.Engine/Logs/B <-> ServiceCtl.Engine/Logs/C"], Walls.Circles(uses));
    }

    [Fact]
    public void A_face_that_reaches_past_the_client_is_seen()
    {
        var uses = UsesOf(
            ("ServiceCtl.Engine/Supervision/Supervisor.cs", Supervisor),
            ("ServiceCtl.Engine/Daemons/Daemon.cs", "namespace ServiceCtl.Engine.Daemons; public sealed class Daemon;"),
            ("ServiceCtl.Client/ServiceVerbs.cs", "namespace ServiceCtl.Client; public sealed class ServiceVerbs;"),
            (
                "ServiceCtl.Cmdlets/Planted.cs",
                "class Planted { ServiceCtl.Client.ServiceVerbs? right; ServiceCtl.Engine.Daemons.Daemon? open; object Reach() => "
                    + "ServiceCtl.Engine.Supervision.Supervisor.All(); }"));

        var past = Walls.PastTheClient(uses, (_, file) => file == "ServiceCtl.Engine/Daemons/Daemon.cs").ToList();

        Assert.NotEmpty(past);
        Assert.All(past, use => Assert.Equal("ServiceCtl.Engine/Supervision/Supervisor.cs", use.To));
    }

    [Theory]
    [InlineData("ServiceCtl.Contracts/Planted.cs", "ServiceCtl.Engine/Reached.cs")]
    [InlineData("ServiceCtl.Engine/Planted.cs", "ServiceCtl.Client/Reached.cs")]
    [InlineData("ServiceCtl.Engine/Planted.cs", "ServiceCtl.Host/Reached.cs")]
    [InlineData("ServiceCtl.Client/Planted.cs", "ServiceCtl.Cmdlets/Reached.cs")]
    [InlineData("ServiceCtl.Host/Planted.cs", "ServiceCtl.Cmdlets/Reached.cs")]
    public void An_assembly_that_knows_one_above_it_is_seen(string planted, string reached)
    {
        var uses = UsesOf((reached, "public static class Reached;"), (planted, "class Planted { string Reach() => nameof(Reached); }"));

        Assert.Single(Walls.Outwards(uses));
    }

    [Theory]
    [InlineData("File.Delete(path)")]
    [InlineData("System.IO.File.ReadAllText(path)")]
    [InlineData("new System.Func<string, byte[]>(System.IO.File.ReadAllBytes)")]
    [InlineData("Directory.CreateDirectory(path)")]
    [InlineData("new FileInfo(path).OpenRead()")]
    [InlineData("new DirectoryInfo(path).EnumerateFiles()")]
    [InlineData("new FileStream(path, FileMode.Open)")]
    [InlineData("new StreamReader(path)")]
    [InlineData("Path.GetTempFileName()")]
    public void What_opens_lists_or_changes_something_by_its_path_is_seen(string planted)
    {
        var house = new SourceUses(
            [("ServiceCtl.Engine/Agent/Planted.cs",
                $"class Planted {{ void Reach(string path) {{ System.Action act = () => {{ object use = 1; {Statement(planted)} "
                    + $"}}; }} }}")]);

        Assert.NotEmpty(PathUses.All(house.Compilation));

        static string Statement(string expression) => expression.EndsWith(')')
            && expression.StartsWith("File.Delete", StringComparison.Ordinal) ? $"{expression};" : $"use = {expression};";
    }

    [Theory]
    [InlineData("File.Exists(path)")]
    [InlineData("new FileInfo(path).LinkTarget")]
    [InlineData("new StreamReader(new MemoryStream())")]
    public void To_look_whether_something_is_there_is_no_such_use(string harmless)
    {
        var house = new SourceUses([("ServiceCtl.Engine/Agent/Quiet.cs", $"class Quiet {{ object? Look(string path) => {harmless}; }}")]);

        Assert.Empty(PathUses.All(house.Compilation));
    }

    private static IReadOnlyList<Use> UsesOf(params (string Path, string Text)[] files) => new SourceUses(files).All();
}
