using System.Reflection;
using System.Text.RegularExpressions;
using ServiceCtl.Contracts;

namespace ServiceCtl.Tests.Unit.Architecture;

/// <summary>The rules of docs/architecture.md that a compiler can't keep.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly Assembly Contracts = typeof(PyService).Assembly;

    /// <summary>
    /// What the folders of a face may use of the engine beside the client. A new line here is a decision about the house, and is explained
    /// in docs/architecture.md.
    /// </summary>
    private static readonly (string Of, string[] Doors, string Reason)[] OpenDoors =
    [
        ("ServiceCtl.Cmdlets/Daemons/", ["Daemons/"], "Daemons are a library."),
        ("ServiceCtl.Host/", ["Messages/"], "The agent prints what the command prints."),
        ("ServiceCtl.Host/Commands/RunCommand.cs", ["Foreground/", "Services/AgentPaths.cs", "Processes/ServiceNotifier.cs"],
            "The command is what runs in the foreground."),
        ("ServiceCtl.Host/CommandLine.cs", ["Processes/StandardOutput.cs"], "--quiet is the process's."),
        ("ServiceCtl.Host/", ["Processes/ThreadHeadroom.cs"], "What the command lacks is the process's, too."),
        (
            "ServiceCtl.Host/Agent/",
            ["Agent/", "Files/LockFile.cs", "Processes/PeerCredentials.cs", "Processes/ServiceNotifier.cs", "Processes/InheritedSession.cs",
                "Services/AgentPaths.cs", "Services/ListenAddress.cs"],
            "The command is the agent, too: it hosts its server side."),
    ];

    /// <summary>
    /// Rooms that run in the agent, and may act on paths only through Files. Configuration and Processes are below it: the one reads
    /// sources by one class, the other /proc and /sys.
    /// </summary>
    private static readonly string[] RoomsOfTheAgent =
        ["Git", "Services", "Health", "Logs", "Discovery", "Messages", "Runners", "Remote", "Supervision", "Checks", "Scheduling", "Events",
            "Agent", "Foreground"];

    /// <summary>
    /// Files of these rooms that act on paths all the same, and why nobody else can change what they find there. A new one is a decision.
    /// </summary>
    private static readonly (string Reason, string[] Files)[] OpenPaths =
    [
        (
            "The agent's own folders, which root's agent has to itself (AgentPaths.Ensure).",
            [
                "Services/AgentPaths.cs", "Services/Catalog/ServiceCatalog.cs", "Events/EventJournal.cs", "Events/JournalFollower.cs",
                "Agent/RemoteServices.cs", "Scheduling/HookQueueFile.cs",
                "Remote/RemoteRecord.cs", "Services/HostRuleFile.cs", "Services/HostRuleReader.cs",
                "Supervision/GenerationRecord.cs", "Supervision/GenerationRecovery.cs", "Supervision/ServiceLogs.cs",
                "Supervision/LaunchPreflight.cs", "Supervision/ReleaseRecord.cs", "Scheduling/JobRecords.cs", "Scheduling/JobProgram.cs",
                "Runners/LineBuffering.cs", "Logs/Rotation/RotatingLog.cs",
            ]),
        ("The folder of a launch before it is given to anybody; what is in it afterwards, its user deletes.",
            ["Supervision/LaunchFolder.cs", "Runners/Gunicorn/GunicornReadiness.cs", "Runners/Uwsgi/UwsgiConfigFile.cs"]),
        (
            "Work inside UserFiles.Use.",
            [
                "Logs/Json/JsonLogSink.cs", "Logs/Capture/LogCompressor.cs", "Logs/Relog/RelogMemory.cs", "Logs/Relog/ResultFiles.cs",
                "Logs/Relog/RelogPass.cs",
                "Logs/Relog/SourceSeries.cs", "Supervision/PathCleaner.cs", "Supervision/PidFile.cs", "Supervision/Generation.cs",
            ]),
        ("Files of its own in a sticky folder, made under a name that was free.", ["Runners/ProgramRun.cs",
            "Runners/Uwsgi/UwsgiCodeCheck.cs", "Checks/UnitTestProcess.cs"]),
        ("Names in a folder, of which nothing is followed.", ["Services/ComposedFolder.cs", "Runners/Uwsgi/UwsgiBinary.cs",
            "Logs/Files/LogSuffix.cs"]),
        ("A descriptor by its name in /proc, and the index beside the agent's own log.", ["Logs/Reading/LogSegment.cs",
            "Logs/Reading/TimeLookup.cs", "Logs/Relog/SourceFile.cs"]),
        ("The wrapper kit's .env, a plain file of limited size, read as all configuration is.",
            ["Services/WrapperKit/WrapperKitSource.cs"]),
    ];

    /// <summary>Files of these rooms that measure by the wall clock all the same, and why. A new one is a decision.</summary>
    private static readonly (string Reason, string[] Files)[] WallClocks =
    [
        (
            "Lines of logs have the time of the wall clock, and so has what is asked for since a moment.",
            [
                "Agent/ServiceRelog.cs", "Logs/Files/TimeIndex.cs", "Logs/Reading/LogDate.cs", "Logs/Reading/LogSegment.cs",
                "Logs/Reading/NewestLines.cs", "Logs/Reading/ReadingState.cs", "Logs/Reading/TimeLookup.cs", "Logs/Relog/EventStream.cs",
                "Logs/Relog/Incidents.cs", "Logs/Relog/LineTime.cs",
            ]),
        ("Files have it, too. They count as settled, rested or due where the clock was set back.",
            ["Logs/Relog/RelogPass.cs", "Logs/Rotation/RotatingLog.cs", "Services/DefinitionFile.cs", "Services/HostRuleFile.cs"]),
        ("Nothing else tells whether a process is younger than its pid file; where the clock was set forth, its address does.",
            ["Supervision/PidFile.cs"]),
        ("A schedule means the wall clock, and knows what to do when that is set.",
            ["Scheduling/Scheduler.cs", "Scheduling/Timetable.cs"]),
        ("Nothing else tells how long something has waited that an agent before this one has left; a clock that was set only drops it.",
            ["Scheduling/HookRunner.cs"]),
        ("Until when a certificate is valid is said by the wall clock.", ["Health/StateProbe.cs"]),
    ];

    private static readonly Lazy<SourceUses> House = new(() => new SourceUses(Sources()));

    private static readonly Lazy<IReadOnlyList<Use>> Uses = new(() => House.Value.All());

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
        var rooms = Directory.GetDirectories(Path.Combine(Repository.Root, "src", "ServiceCtl.Engine")).Select(Path.GetFileName)
            .Where(room => room is not ("bin" or "obj"));

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
    public void Folders_do_not_use_each_other_in_a_circle()
    {
        var circles = Walls.Circles(Uses.Value);

        Assert.True(circles.Count == 0, string.Join('\n', circles));
    }

    /// <summary>Beyond them the kernel's calls have names and errors of ours.</summary>
    [Fact]
    public void Interop_is_the_affair_of_Processes_and_Files()
    {
        Assert.DoesNotContain(Uses.Value, use => use.ToFolder == "ServiceCtl.Engine/Processes/Interop"
            && !use.From.StartsWith("ServiceCtl.Engine/Processes/", StringComparison.Ordinal)
            && use.FromFolder != "ServiceCtl.Engine/Files");
    }

    /// <summary>Contracts and cmdlets are flat: people write their names in scripts, and a folder of them is a shelf.</summary>
    [Fact]
    public void Namespaces_follow_folders()
    {
        Assert.Empty(
            from source in Sources()
            let folder = Path.GetDirectoryName(source.Path)!.Replace('/', '.')
            let declared = NamespaceOf().Match(source.Text)
            where declared.Success && declared.Groups["name"].Value != folder
                && !(declared.Groups["name"].Value is "ServiceCtl.Contracts" or "ServiceCtl.Cmdlets"
                    && folder.StartsWith(declared.Groups["name"].Value, StringComparison.Ordinal))
            select $"{source.Path}: namespace {declared.Groups["name"].Value}");
    }

    [Fact]
    public void A_face_calls_the_client_and_uses_of_the_engine_what_is_open_to_it()
    {
        Assert.Empty(
            Walls.PastTheClient(Uses.Value,
                (from, to) =>
                    OpenDoors.Any(
                        open => from.StartsWith(open.Of, StringComparison.Ordinal) && open.Doors.Any(door => IsBehind(door, to)))));
    }

    [Fact]
    public void Rooms_of_the_agent_act_on_paths_through_Files_only()
    {
        var open = OpenPaths.SelectMany(one => one.Files).Select(file => $"ServiceCtl.Engine/{file}").ToHashSet();
        var uses = PathUses.All(House.Value.Compilation)
            .Where(use => use.File.Split('/') is ["ServiceCtl.Engine", var room, ..] && RoomsOfTheAgent.Contains(room)).ToList();

        var past = uses.Where(use => !open.Contains(use.File)).ToList();
        Assert.True(past.Count == 0, string.Join('\n', past.Select(use => $"{use.File}:{use.Line} {use.Member}")));
        Assert.Empty(open.Except(uses.Select(use => use.File)));
    }

    /// <summary>A clock that is set back or forth changes no wait, no rate and no age.</summary>
    [Fact]
    public void Rooms_of_the_agent_measure_by_the_wall_clock_where_there_is_no_other()
    {
        var open = WallClocks.SelectMany(one => one.Files).Select(file => $"ServiceCtl.Engine/{file}").ToHashSet();
        var uses = WallClockUses.All(House.Value.Compilation)
            .Where(use => use.File.Split('/') is ["ServiceCtl.Engine", var room, ..] && RoomsOfTheAgent.Contains(room)).ToList();

        var past = uses.Where(use => !open.Contains(use.File)).ToList();
        Assert.True(past.Count == 0, string.Join('\n', past.Select(use => $"{use.File}:{use.Line}")));
        Assert.Empty(open.Except(uses.Select(use => use.File)));
    }

    [Fact]
    public void Every_open_door_is_used()
    {
        Assert.All(
            OpenDoors.SelectMany(open => open.Doors.Select(door => (open.Of, door))),
            open => Assert.Contains(Uses.Value,
                use => use.From.StartsWith(open.Of, StringComparison.Ordinal) && IsBehind(open.door, use.To)));
    }

    /// <summary>Records are exempt: what is only data may have many parts.</summary>
    [Fact]
    public void A_constructor_takes_five_arguments_at_most()
    {
        Assert.Empty(Declarations.LongConstructors(House.Value.Compilation, most: 5));
    }

    [Fact]
    public void Nothing_is_promised_a_value_that_it_gets_later()
    {
        Assert.Empty(Declarations.FilledLater(House.Value.Compilation));
    }

    [Fact]
    public void Nothing_in_src_is_used_by_tests_alone()
    {
        var unused = Declarations.Unused(House.Value.Compilation);

        Assert.True(unused.Count == 0, string.Join('\n', unused));
    }

    private static bool IsBehind(string door, string file) => file.StartsWith($"ServiceCtl.Engine/{door}", StringComparison.Ordinal);

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

    [GeneratedRegex(@"^namespace (?<name>[\w.]+)", RegexOptions.Multiline)]
    private static partial Regex NamespaceOf();

    [GeneratedRegex(@"^\| (?<floor>\d) \| `(?<room>\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex FloorInTable();
}
