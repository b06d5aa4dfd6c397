using System.Diagnostics;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Scopes;

namespace ServiceCtl.Tests.Integration.Processes.Scopes;

[Collection(nameof(Alone))]
public sealed class EscapeTests
{
    private const string Helper = "sh -c 'echo $$ > $D/pid.new; mv $D/pid.new $D/pid; exec sleep 60'";

    // Each gives up after a while, lest a failed test leaves a machine without rest.

    /// <summary>Forks all the time; each child ends after a while.</summary>
    private const string Spreader =
        "import os,time,signal\nsignal.signal(17, signal.SIG_IGN)\nend = time.time() + 20\nwhile time.time() < end:\n  if os.fork() == "
            + "0:\n    time.sleep(0.1); os._exit(0)\n  time.sleep(0.001)";

    /// <summary>Is never the same process for long.</summary>
    private const string Hopper = "import os,time\nend = time.time() + 20\nwhile time.time() < end:\n  if os.fork(): os._exit(0)";

    /// <summary>Nor in the same session.</summary>
    private const string SessionHopper =
        "import os,time\nend = time.time() + 20\nwhile time.time() < end:\n  if os.fork(): os._exit(0)\n  os.setsid()";

    [Theory]
    [InlineData("in the group", $"{Helper} & wait", true)]
    [InlineData("in the group", $"{Helper} & wait", false)]
    [InlineData("in a session of its own", $"setsid {Helper} & wait", true)]
    [InlineData("in a session of its own", $"setsid {Helper} & wait", false)]
    [InlineData("a daemon", $"(setsid {Helper} &) ; exec sleep 60", true)]
    [InlineData("a daemon", $"(setsid {Helper} &) ; exec sleep 60", false)]
    [InlineData("in a session of its own with an environment of its own", $"setsid env -i D=$D {Helper} & wait", true)]
    [InlineData("in a session of its own with an environment of its own", $"setsid env -i D=$D {Helper} & wait", false)]
    public async Task A_helper_does_not_outlive_its_generation(string kind, string script, bool cgroups)
    {
        using ScopeBench bench = new(cgroups);
        ProcessScope scope = bench.Create();
        ChildProcess main = bench.Start(scope, $"export D; {script}");
        ProcessIdentity helper = await bench.ProcessIn("pid");

        EndReport report = await ScopeBench.End(scope);
        Assert.True(report.IsComplete, kind);
        Assert.Contains(helper.Pid, report.Ended.Select(ended => ended.Pid));
        Assert.DoesNotContain(main.Pid, report.Ended.Select(ended => ended.Pid));
        Assert.Empty(report.Unattributed);
        Assert.False(helper.IsAlive());
        Assert.Equal(Signals.Kill, (await ProcessBench.ExitOf(main)).Signal);
    }

    [Fact]
    public async Task In_a_cgroup_a_daemon_with_an_environment_of_its_own_is_found_however_early_it_was_started()
    {
        using ScopeBench bench = new(cgroups: true);
        ProcessScope scope = bench.Create(entersByItself: true);
        ChildProcess main = bench.Processes.Spawn(scope.Wrap(
            ProcessBench.Program("/bin/sh", "-c", $"export D={bench.Processes.Folder}; (setsid env -i D=$D {Helper} &) ; exec sleep 60")));
        ProcessIdentity daemon = await bench.ProcessIn("pid");
        scope.Enter(main);

        EndReport report = await ScopeBench.End(scope);
        Assert.Equal([daemon.Pid], report.Ended.Select(ended => ended.Pid));
        Assert.False(daemon.IsAlive());
    }

    [Theory]
    [InlineData($"{Helper} & wait", true)]
    [InlineData($"{Helper} & wait", false)]
    [InlineData($"setsid {Helper} & wait", true)]
    [InlineData($"setsid {Helper} & wait", false)]
    [InlineData($"setsid env -i D=$D {Helper} & wait", true)]
    [InlineData($"setsid env -i D=$D {Helper} & wait", false)]
    public async Task A_helper_does_not_outlive_a_crash(string script, bool cgroups)
    {
        using ScopeBench bench = new(cgroups);
        ProcessScope scope = bench.Create();
        ChildProcess main = bench.Start(scope, $"export D; {script}");
        ProcessIdentity helper = await bench.ProcessIn("pid");
        await scope.ObserveAsync(TestContext.Current.CancellationToken);
        main.Signal(Signals.Kill);
        await ProcessBench.ExitOf(main);
        Assert.True(helper.IsAlive());

        EndReport report = await ScopeBench.End(scope);
        Assert.Equal([helper.Pid], report.Ended.Select(ended => ended.Pid));
        Assert.False(helper.IsAlive());
    }

    [Fact]
    public async Task Without_a_cgroup_a_daemon_that_shows_no_sign_of_whose_it_is_is_told_and_left_alone()
    {
        using ScopeBench bench = new(cgroups: false);
        ProcessScope scope = bench.Create();
        bench.Start(scope, $"export D; (setsid env -i D=$D {Helper} &) ; exec sleep 60");
        ProcessIdentity daemon = await bench.ProcessIn("pid");
        await ProcessBench.Until(() => ProcFs.TryRead(daemon.Pid)?.ParentPid == Environment.ProcessId, "it is an orphan");

        EndReport report = await ScopeBench.End(scope);
        Assert.True(report.IsComplete);
        Assert.Equal(new ScopeMember(daemon.Pid, "sleep", "no sign of whose it is"), Assert.Single(report.Unattributed));
        Assert.True(daemon.IsAlive());
        Process.GetProcessById(daemon.Pid).Kill();
    }

    [Theory]
    [InlineData(Spreader, true)]
    [InlineData(Spreader, false)]
    [InlineData(Hopper, true)]
    [InlineData(SessionHopper, true)]
    public async Task One_that_forks_all_the_time_is_ended_too(string program, bool cgroups)
    {
        using ScopeBench bench = new(cgroups);
        ProcessScope scope = bench.Create(entersByItself: true);
        await File.WriteAllTextAsync(bench.Processes.PathOf("storm.py"), program);
        ChildProcess main = bench.Start(scope, "setsid /usr/bin/python3 $D/storm.py & echo $! > $D/pid; exec sleep 60");
        await bench.Processes.PidIn("pid");
        await Task.Delay(200, TestContext.Current.CancellationToken);

        EndReport report = await ScopeBench.End(scope);
        Assert.True(report.IsComplete, string.Join(", ", report.Remaining));
        Assert.Empty(bench.MembersOf(scope));
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.Empty(bench.MembersOf(scope));
        await ProcessBench.ExitOf(main);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Strangers_are_left_alone(bool cgroups)
    {
        using ScopeBench bench = new(cgroups);
        ProcessScope scope = bench.Create();
        ProcessScope next = bench.Create(generation: 2);
        ProcessScope other = bench.Create("other");
        bench.Start(scope, $"export D; setsid {Helper} & wait");
        ChildProcess served = bench.Start(next, "exec sleep 60");
        ChildProcess otherMain = bench.Start(other, "setsid sleep 60 & exec sleep 60");

        // A helper of the agent itself, even if the agent was started with a marker in its environment; and one in a session of its own.
        ProcessStartInfo start = new("/bin/sleep", "60");
        start.Environment[ScopeMarker.GenerationVariable] = scope.Marker.ToString();
        using Process own = Process.Start(start)!;
        using Process ownSession = Process.Start("/usr/bin/setsid", ["/bin/sleep", "60"]);

        // The same service under another agent.
        ProcessSpec foreign = ProcessBench.Program("/bin/sleep", "60");
        ScopeMarker otherHome = scope.Marker with { Home = ScopeMarker.HomeOf("/elsewhere") };
        ChildProcess elsewhere = bench.Processes.Spawn(
            foreign with { Environment = new Dictionary<string, string> { [ScopeMarker.GenerationVariable] = otherHome.ToString() } });

        await bench.ProcessIn("pid");
        EndReport report = await ScopeBench.End(scope);
        Assert.True(report.IsComplete);
        Assert.False(own.HasExited || ownSession.HasExited);
        Assert.All([served, otherMain, elsewhere], process => Assert.True(process.Identity.IsAlive()));
        await ProcessBench.Until(() => bench.MembersOf(other).Count == 2, "the other service's helper runs");
        own.Kill();
        ownSession.Kill();
    }

    [Fact]
    public async Task Without_a_cgroup_a_child_that_carries_the_marker_of_another_is_not_ours()
    {
        using ScopeBench bench = new(cgroups: false);
        ProcessScope scope = bench.Create();
        ScopeMarker nested = new(ScopeMarker.HomeOf("/nested"), "inner", 1);
        bench.Start(scope, $"export D; {ScopeMarker.GenerationVariable}={nested} setsid {Helper} & wait");
        ProcessIdentity inner = await bench.ProcessIn("pid");
        Assert.True((await ScopeBench.End(scope)).IsComplete);
        Assert.True(inner.IsAlive());
        Process.GetProcessById(inner.Pid).Kill();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_an_earlier_agent_has_started_is_found_and_ended(bool cgroups)
    {
        using ScopeBench bench = new(cgroups);
        ProcessScope before = bench.Create("web", 7);
        ChildProcess main = bench.Start(before, $"export D; setsid {Helper} & wait");
        ProcessIdentity helper = await bench.ProcessIn("pid");

        using ScopeBench unrelated = new(cgroups);
        Assert.Empty(unrelated.Scopes.FindAll());
        FoundScope found = Assert.Single(bench.Scopes.FindAll());
        Assert.Equal((before.Marker, main.Identity), (found.Marker, found.Main));
        Assert.Contains(helper, found.Members.Select(member => member.Identity));

        before.Dispose();
        using ProcessScopes later = cgroups
            ? new ProcessScopes(bench.Processes.Folder, bench.Processes.Watcher, TimeProvider.System)
            : new ProcessScopes(bench.Processes.Folder, bench.Processes.Watcher, TimeProvider.System, tree: null);
        ProcessScope attached = later.Attach(before.Spec, main.Identity);
        Assert.Equal(cgroups, attached.HasCgroup);
        Assert.Equal([main.Pid, helper.Pid], later.Members(ProcessTable.Read())[attached].Select(member => member.Pid).Order());
        EndReport report = await ScopeBench.End(attached);
        Assert.Equal([helper.Pid], report.Ended.Select(ended => ended.Pid));
        Assert.False(main.Identity.IsAlive() || helper.IsAlive());
        Assert.Empty(later.FindAll());
    }

    [Fact]
    public async Task Ending_a_generation_twice_at_once_and_again_later_is_no_fault()
    {
        using ScopeBench bench = new(cgroups: false);
        ProcessScope scope = bench.Create();
        bench.Start(scope, "exec sleep 60");
        EndReport[] reports = await Task.WhenAll(ScopeBench.End(scope), ScopeBench.End(scope));
        Assert.All(reports, report => Assert.True(report.IsComplete));
        Assert.True((await ScopeBench.End(scope)).IsComplete);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Five_hundred_generations_end_together(bool cgroups)
    {
        using ScopeBench bench = new(cgroups);
        ProcessScope[] scopes = [.. Enumerable.Range(0, 500).Select(number => bench.Create($"web{number}"))];
        long begun = Stopwatch.GetTimestamp();
        foreach (ProcessScope scope in scopes)
            bench.Start(scope, ProcessBench.Shell("setsid sleep 60 & exec sleep 60"));
        TimeSpan started = Stopwatch.GetElapsedTime(begun);
        await ProcessBench.Until(
            () => bench.Scopes.Members(ProcessTable.Read()).Values.Sum(members => members.Count(member => member.Name == "sleep")) == 1000,
            "all run");

        begun = Stopwatch.GetTimestamp();
        IReadOnlyDictionary<ProcessScope, IReadOnlyList<ProcessFigures>> members = bench.Scopes.Members(ProcessTable.Read());
        TimeSpan counted = Stopwatch.GetElapsedTime(begun);
        Assert.All(scopes, scope => Assert.Equal(2, members[scope].Count));

        begun = Stopwatch.GetTimestamp();
        EndReport[] reports = await Task.WhenAll(scopes.Select(ScopeBench.End));
        TimeSpan ended = Stopwatch.GetElapsedTime(begun);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"cgroups {cgroups}: started {started.TotalMilliseconds:0} ms, counted {counted.TotalMilliseconds:0} ms, ended "
                + $"{ended.TotalMilliseconds:0} ms");
        Assert.All(reports, report => Assert.Single(report.Ended));
        Assert.Empty(bench.Scopes.FindAll());
    }
}
