using System.Diagnostics;
using System.Globalization;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Logs.Rotation;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Scenes;

/// <summary>Scene 3: children that behave badly end as configured, leave nobody, and cost the agent nothing.</summary>
public sealed class UnrulyChildTests : IAsyncDisposable
{
    /// <summary>A grandchild, a helper in a session of its own, and a daemon whose parents have gone, each of which ignores TERM.</summary>
    private const string Family = """
        #!/bin/bash
        trap '' TERM
        (sleep 1001; true) &
        setsid sleep 1002 &
        (setsid sleep 1003 &)
        while :; do sleep 1004; done
        """;

    private const int FamilySize = 6;

    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task One_that_ignores_TERM_and_its_whole_family_are_gone_after_a_stop()
    {
        var service = FamilyService("deaf");
        await service.MustAsync(ServiceAction.Start);
        await _home.RunsOnceAsync("deaf", FamilySize);

        var stopped = await service.MustAsync(ServiceAction.Stop);

        Assert.Contains("killed", Assert.Single(stopped.Warnings), StringComparison.Ordinal);
        Assert.Empty(_home.ProcessesOf("deaf"));
    }

    [Fact]
    public async Task After_a_crash_and_a_respawn_the_old_family_is_gone()
    {
        var service = FamilyService("crashing");
        var first = await service.MustAsync(ServiceAction.Start);
        await _home.RunsOnceAsync("crashing", FamilySize);

        Process.GetProcessById(first.After!.Pid!.Value).Kill();
        await Condition.HoldsAsync(async () => await service.StatusAsync() is { State: ServiceState.Running, Generation: 2 }, "it is back");

        await _home.RunsOnceAsync("crashing", FamilySize);
        Assert.All(_home.ProcessesOf("crashing"), process => Assert.Equal(2, process.Generation));
    }

    [Fact]
    public async Task A_helper_that_left_the_cgroup_is_gone_when_the_next_generation_runs()
    {
        var service = Script("leaving", "restart: {delay: 0s}", """
            #!/bin/bash
            top=$(awk '/ - cgroup2 / {print $5; exit}' /proc/self/mountinfo)
            setsid sh -c 'echo $$ >"$0/cgroup.procs"; exec sleep 1002' "$top" 2>/dev/null &
            exec sleep 1004
            """);
        var first = await service.MustAsync(ServiceAction.Start);
        await SleepsAsync("leaving", "1002");

        Process.GetProcessById(first.After!.Pid!.Value).Kill();
        await Condition.HoldsAsync(async () => await service.StatusAsync() is { State: ServiceState.Running, Generation: 2 }, "it is back");

        Assert.All(_home.ProcessesOf("leaving"), process => Assert.Equal(2, process.Generation));
    }

    [Fact]
    public async Task One_that_closes_its_output_runs_on_and_stops()
    {
        var service = Script("silent", "ready: {log: ^before}", "#!/bin/sh\necho before\nexec >&- 2>&-\nexec sleep 1000\n");
        await service.MustAsync(ServiceAction.Start);

        Assert.Equal("before\n", File.ReadAllText(LogOf("silent")));
        await service.MustAsync(ServiceAction.Stop);
        Assert.Empty(_home.ProcessesOf("silent"));
    }

    [Fact]
    public async Task A_line_of_1_GB_passes_and_the_agent_stays_as_small_as_it_was()
    {
        var service = Script("endless", "ready: {log: ^ready}, logs: {max_size: 5MB, keep: 3}", """
            #!/bin/sh
            echo ready
            while [ ! -e go ]; do sleep 0.05; done
            head -c 1000000000 /dev/zero | tr '\0' x
            echo
            echo end
            exec sleep 1000
            """);
        await service.MustAsync(ServiceAction.Start);
        var before = (await _home.AgentFiguresAsync()).PeakMemory;
        File.WriteAllText(Path.Combine(service.Folder, "go"), "");

        await Condition.HoldsAsync(() => EndsWithEnd(LogOf("endless")), "all of it is through");

        Assert.True((await _home.AgentFiguresAsync()).PeakMemory - before < 32 << 20);
        Assert.All(
            Directory.GetFiles(_home.Paths.ServiceLogs("endless"), "output.log*"),
            file => Assert.InRange(new FileInfo(file).Length, 0, 5_000_000 + RotatingLog.LongestKeptLine + 64 * 1024));
        Assert.Equal(ServiceState.Running, (await service.StatusAsync()).State);
    }

    [Fact]
    public async Task One_that_exits_at_once_is_given_up_as_configured()
    {
        var service = Script("hasty", "restart: {delay: 10ms, factor: 1, give_up: 5 in 1m}", "#!/bin/sh\necho started >> starts\nexit 3\n");

        await service.OrderAsync(ServiceAction.Start);
        await Condition.HoldsAsync(async () => await service.StatusAsync() is { State: ServiceState.Failed }, "it is left alone");

        var status = await service.StatusAsync();
        Assert.NotNull(status.Problem);
        Assert.Empty(_home.ProcessesOf("hasty"));
        Assert.InRange(File.ReadAllLines(Path.Combine(service.Folder, "starts")).Length, 1, 6);
    }

    [Fact]
    public async Task A_hundred_crashes_leave_the_agent_with_the_memory_and_descriptors_it_had()
    {
        var service = Script("looping", "restart: {delay: 5ms, factor: 1, give_up: 10000 in 1m}",
            "#!/bin/sh\n[ -e loop ] || exec sleep 1000\nsleep 0.01\nexit 3\n");
        await service.MustAsync(ServiceAction.Start);
        await SleepsAsync("looping", "1000");
        var loop = Path.Combine(service.Folder, "loop");
        File.WriteAllText(loop, "");
        Process.GetProcessById((await service.StatusAsync()).Pid!.Value).Kill();
        await Condition.HoldsAsync(async () => (await service.StatusAsync()).Restarts >= 20, "20 restarts");
        var before = await _home.AgentFiguresAsync();

        await Condition.HoldsAsync(async () => (await service.StatusAsync()).Restarts >= 120, "100 more");

        File.Delete(loop);
        var after = await _home.AgentFiguresAsync();
        // What a crash leaves is there a hundred times. The kernel's figure of the peak is not exact, and may even become smaller.
        Assert.True(after.PeakMemory - before.PeakMemory < 48 << 20, $"{before} -> {after}");
        Assert.True(after.Descriptors - before.Descriptors < 50, $"{before} -> {after}");
        // It may be waiting for its next start.
        Assert.NotEqual(OperationOutcome.Failed, (await service.OrderAsync(ServiceAction.Stop)).Outcome);
        Assert.Empty(_home.ProcessesOf("looping"));
    }

    private LocalService FamilyService(string name) => Script(name, "stop: {timeout: 500ms}, restart: {delay: 50ms}", Family);

    private LocalService Script(string name, string words, string script) =>
        new(_home, name, string.Create(CultureInfo.InvariantCulture, $$"""
        service: {runner: command, command: [./run.sh], {{words}} }
        """), ("run.sh", script));

    /// <summary>Waits until a process of the service has done all that comes before its sleep.</summary>
    private Task SleepsAsync(string service, string seconds) => Condition.HoldsAsync(
        () => _home.ProcessesOf(service).Any(process => ProcFs.TryReadCommandLine(process.Pid) is ["sleep", var given] && given == seconds),
        $"it sleeps for {seconds} s");

    private string LogOf(string service) => Path.Combine(_home.Paths.ServiceLogs(service), "output.log");

    private static bool EndsWithEnd(string log)
    {
        try
        {
            using var file = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            // The file may have been rotated before this line, so that nothing comes before it.
            var last = new byte[4];
            file.Seek(-Math.Min(last.Length, file.Length), SeekOrigin.End);
            return file.ReadAtLeast(last, last.Length, throwOnEndOfStream: false) == last.Length && last.AsSpan().SequenceEqual("end\n"u8);
        }
        catch (FileNotFoundException)
        {
            // In the moment of a rotation there is no file of that name.
            return false;
        }
    }
}
