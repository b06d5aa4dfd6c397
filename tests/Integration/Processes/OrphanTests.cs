using System.Diagnostics;
using System.Runtime.InteropServices;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Processes;

/// <summary>Being a subreaper concerns the whole process, so that nothing else runs meanwhile.</summary>
[Collection(nameof(Alone))]
public sealed class OrphanTests : IDisposable
{
    private const string Marker = "SERVICECTL_TEST_MARKER";
    private readonly ProcessBench _bench = new();
    private readonly OrphanReaper _reaper;

    public OrphanTests()
    {
        Subreaper.Enable();
        _reaper = new OrphanReaper(_bench.Watcher, TimeProvider.System);
    }

    public void Dispose()
    {
        _reaper.Dispose();
        _bench.Dispose();
        _ = Prctl(36, 0, 0, 0, 0);
    }

    [Fact]
    public void A_subreaper_knows_that_it_is_one() => Assert.True(Subreaper.IsEnabled);

    [Fact]
    public async Task An_orphan_is_seen_below_us_and_reaped_when_it_ends()
    {
        ChildProcess child = _bench.Spawn(ProcessBench.Shell($"sleep 60 & echo $! > {_bench.PathOf("pid")}"));
        await ProcessBench.ExitOf(child);
        int pid = await _bench.PidIn("pid");
        ProcessFigures orphan = Assert.Single(_reaper.Living());
        Assert.Equal((pid, child.Pid), (orphan.Pid, orphan.Session));

        Assert.True(child.SignalGroup(Signals.Kill));
        await ProcessBench.Until(() => ProcFs.TryRead(pid) is null, "the orphan is reaped");
        Assert.False(child.SignalGroup(0));
        Assert.Empty(_reaper.Living());
    }

    [Fact]
    public async Task An_orphan_that_leads_a_session_is_reaped_after_the_grace()
    {
        ChildProcess child = _bench.Spawn(ProcessBench.Shell($"setsid sh -c 'echo $$ > {_bench.PathOf("pid")}; exec sleep 60' & wait"));
        int pid = await _bench.PidIn("pid");
        child.SignalGroup(Signals.Kill);
        await ProcessBench.ExitOf(child);
        await ProcessBench.Until(() => _reaper.Living().Any(orphan => orphan.Pid == pid && orphan.Session == pid), "the helper is an orphan");

        using ChildProcess helper = Assert.IsType<ChildProcess>(ChildProcess.Adopt(Assert.NotNull(ProcessIdentity.Of(pid)), _bench.Watcher));
        helper.Signal(Signals.Terminate);
        Assert.Equal(15, (await ProcessBench.ExitOf(helper)).Signal);
        await ProcessBench.Until(() => ProcFs.TryRead(pid) is null, "the helper is reaped");
    }

    [Fact]
    public async Task Children_of_the_Process_class_keep_their_exit_codes_even_in_sessions_of_their_own()
    {
        for (int i = 1; i <= 20; i++)
        {
            // The direct child calls setsid, as it leads no group, and ends as leader of a session that is not ours.
            using Process theirs = Process.Start("/usr/bin/setsid", ["/bin/sh", "-c", $"exit {i}"]);
            await theirs.WaitForExitAsync().WaitAsync(ProcessBench.Limit);
            Assert.Equal(i, theirs.ExitCode);
        }
    }

    [Fact]
    public async Task A_child_in_our_session_is_never_reaped_for_its_owner()
    {
        int pid = SpawnWithoutOwner("/bin/true");
        Assert.Equal(ProcFs.TryRead(Environment.ProcessId)?.Session, ProcFs.TryRead(pid)?.Session);
        await Task.Delay(TimeSpan.FromSeconds(2.5));
        Assert.Equal(pid, WaitPid(pid, 0, 0));
    }

    [Fact]
    public async Task A_child_that_leads_a_session_is_left_to_its_owner_for_a_while()
    {
        // A try that was held up until the while was over tells nothing.
        using var limit = Patience.Begin();
        long begun;
        int pid, left;
        do
        {
            begun = Stopwatch.GetTimestamp();
            pid = SpawnWithoutOwner("/usr/bin/setsid", "/bin/true");
            await ProcessBench.Until(() => ProcFs.TryRead(pid) is not { HasEnded: false }, "it has ended");
            await Task.Delay(TimeSpan.FromSeconds(0.3));
            left = WaitPid(pid, 0, 0);
        }
        while (left != pid && Stopwatch.GetElapsedTime(begun) > TimeSpan.FromSeconds(0.9) && !limit.IsCancellationRequested);

        Assert.Equal(pid, left);
    }

    [Fact]
    public async Task A_family_is_found_and_ended_wherever_its_members_went()
    {
        // One helper in the group, one in a session of its own, and one that double-forked, all of them after the leader's crash.
        string script = $"""
            sleep 60 &
            setsid sleep 60 &
            (setsid sh -c 'sleep 60 & sleep 60' &)
            sleep 0.2
            echo $$ > {_bench.PathOf("pid")}
            exec sleep 60
            """;
        ProcessSpec spec = ProcessBench.Shell(script);
        ChildProcess child = _bench.Spawn(spec with { Environment = new Dictionary<string, string>(spec.Environment) { [Marker] = _bench.Folder } });
        await _bench.PidIn("pid");
        child.Signal(Signals.Kill);
        await ProcessBench.ExitOf(child);

        IEnumerable<ProcessFigures> Members(ProcessTable table) =>
            table.FamilyOf(child.Pid, process => ProcFs.TryReadEnvironmentVariable(process.Pid, Marker) == _bench.Folder);
        Assert.Equal(5, Members(ProcessTable.Read()).Count());
        int killed = await ProcessFamily.KillAsync(Members, _bench.Watcher, ProcessBench.Limit, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal(5, killed);
        Assert.Empty(Members(ProcessTable.Read()));
        Assert.Empty(_reaper.Living());
        await ProcessBench.Until(() => !ProcFs.ChildrenOfThisProcess().Any(), "everybody is reaped");
    }

    // An owner that is slower than the Process class, so that a theft would be seen.
    private static unsafe int SpawnWithoutOwner(params string[] command)
    {
        nint[] arguments = [.. command.Select(Marshal.StringToCoTaskMemUTF8), 0];
        fixed (nint* first = arguments)
        {
            Assert.Equal(0, PosixSpawn(out int pid, command[0], 0, 0, first, first + command.Length));
            return pid;
        }
    }

    [DllImport("libc", EntryPoint = "posix_spawn")]
    private static extern unsafe int PosixSpawn(out int pid, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, nint actions, nint attributes, nint* arguments, nint* environment);

    [DllImport("libc", EntryPoint = "waitpid")]
    private static extern int WaitPid(int pid, nint status, int options);

    [DllImport("libc", EntryPoint = "prctl")]
    private static extern int Prctl(int option, nuint argument2, nuint argument3, nuint argument4, nuint argument5);
}
