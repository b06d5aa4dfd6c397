using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Scopes;

namespace ServiceCtl.Tests.Integration.Processes.Scopes;

public sealed class ScopeLimitTests : IDisposable
{
    private static readonly ScopeLimits All = new() { MemoryBytes = 512L << 20, CpuPercent = 50, OpenFiles = 123, Processes = 4000 };

    private readonly ProcessBench _bench = new();
    private readonly ProcessScopes _scopes;

    public ScopeLimitTests() => _scopes = new ProcessScopes(_bench.Folder, _bench.Watcher, TimeProvider.System, tree: null);

    public void Dispose()
    {
        _scopes.Dispose();
        _bench.Dispose();
    }

    [Fact]
    public async Task Rlimits_are_in_force_in_the_program_and_its_pid_is_the_one_that_was_spawned()
    {
        using ProcessScope scope = _scopes.Create(Spec(All));
        string output = await _bench.OutputOf(scope.Wrap(ProcessBench.Shell("cat /proc/self/limits; ulimit -n; ulimit -Hn")));
        Assert.Matches(@"Max data size\s+536870912\s+536870912", output);
        Assert.EndsWith("\n123\n123\n", output);

        ChildProcess child = _bench.Spawn(scope.Wrap(ProcessBench.Program("/bin/sleep", "60")));
        await ProcessBench.Until(() => ProcFs.TryRead(child.Pid)?.Name == "sleep", "the program runs under the pid of the spawn");
    }

    [Fact]
    public void Each_limit_tells_what_holds_it()
    {
        Dictionary<string, AppliedLimit> limits = _scopes.Create(Spec(All)).Limits.ToDictionary(limit => limit.Name);
        Assert.Equal(["cpu", "memory", "open_files", "processes"], limits.Keys.Order());
        Assert.Equal(("rlimit", 512.0 * (1 << 20)), (limits["memory"].By, limits["memory"].Value));
        Assert.Contains("per process", limits["memory"].Note);
        Assert.Equal((null, 50.0), (limits["cpu"].By, limits["cpu"].Value));
        Assert.Contains("no cpu controller", limits["cpu"].Note);
        Assert.Equal("rlimit", limits["open_files"].By);
        Assert.Null(Environment.IsPrivilegedProcess ? limits["processes"].By : null);
        Assert.Empty(_scopes.Create(Spec(ScopeLimits.None)).Limits);
    }

    [Fact]
    public void More_files_than_can_be_given_become_as_many_as_can()
    {
        AppliedLimit limit = Assert.Single(_scopes.Create(Spec(new() { OpenFiles = int.MaxValue })).Limits);
        Assert.True(limit.Value < int.MaxValue);
        Assert.Contains("more than this agent may give", limit.Note);
    }

    [Fact]
    public void Where_the_cgroup_has_controllers_it_holds_the_limits()
    {
        // As such a host shows itself; ours has none of the three.
        string above = _bench.PathOf("unit");
        ScopeMarker marker = new(ScopeMarker.HomeOf(_bench.Folder), "web", 1);
        string group = $"{above}/servicectl.{marker.Home}/web.1";
        Directory.CreateDirectory(group);
        File.WriteAllText($"{above}/cgroup.controllers", "cpuset cpu io memory pids\n");
        foreach (string file in (string[])[$"{above}/cgroup.subtree_control", $"{group}/../cgroup.subtree_control", $"{group}/memory.max",
            $"{group}/cpu.max", $"{group}/pids.max"])
            File.WriteAllText(file, "");

        CgroupTree? tree = CgroupTree.TryOpenBelow(above, marker.Home, out _);
        using ProcessScopes scopes = new(_bench.Folder, _bench.Watcher, TimeProvider.System, tree);
        ProcessScope scope = scopes.Create(Spec(All));
        Assert.Equal(["cgroup v2", "cgroup v2", "rlimit", "cgroup v2"], scope.Limits.Select(limit => limit.By));
        Assert.Equal("536870912", File.ReadAllText($"{group}/memory.max"));
        Assert.Equal("50000 100000", File.ReadAllText($"{group}/cpu.max"));
        Assert.Equal("4000", File.ReadAllText($"{group}/pids.max"));

        // Here the files are no gates: nobody is let in.
        scope.Enter(_bench.Spawn(scope.Wrap(ProcessBench.Program("/bin/sleep", "60"))));
        Assert.False(scope.HasCgroup);
        Assert.Equal([null, null, "rlimit", null], scope.Limits.Select(limit => limit.By));
        Assert.Contains("errno 2", scope.Limits[0].Note);

        File.Delete($"{group}/cpu.max");
        AppliedLimit refused = scopes.Create(Spec(All)).Limits.Single(limit => limit.Name == "cpu");
        Assert.Null(refused.By);
        Assert.Contains("errno 2", refused.Note);
    }

    [Fact]
    public async Task Another_user_gets_his_groups_and_environment_and_limit_of_processes()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root may start programs as somebody else");
        ProcessScope scope = _scopes.Create(Spec(All) with { User = "nobody" });
        Assert.Equal("rlimit", scope.Limits.Single(limit => limit.Name == "processes").By);

        ProcessSpec spec = ProcessBench.Shell(
            "id -un; id -Gn; grep -E '^Groups|^CapEff' /proc/self/status; echo $HOME $USER $LOGNAME; grep processes /proc/self/limits");
        Dictionary<string, string> environment = new(spec.Environment)
        {
            ["HOME"] = Environment.GetEnvironmentVariable("HOME") ?? "",
            ["USER"] = "given"
        };
        string[] lines = (await _bench.OutputOf(scope.Wrap(spec with { Environment = environment }))).TrimEnd().Split('\n');
        Assert.Equal(["nobody", "nogroup"], lines[..2]);
        Assert.Equal(["Groups:\t65534 ", "CapEff:\t0000000000000000"], lines[2..4]);
        Assert.Equal("/nonexistent given nobody", lines[4]);
        Assert.Matches(@"Max processes\s+4000\s+4000", lines[5]);

        Assert.Equal("65534\n",
            await _bench.OutputOf(_scopes.Create(Spec(ScopeLimits.None) with { User = "65534" }).Wrap(ProcessBench.Shell("id -u"))));
    }

    [Theory]
    [InlineData("no-such-user")]
    [InlineData("4123456789")]
    [InlineData("")]
    public void An_unknown_user_is_refused(string user)
    {
        ServiceCtlException refusal = Assert.Throws<ServiceCtlException>(() => _scopes.Create(Spec(All) with { User = user }));
        Assert.Equal((ErrorCode.InvalidArgument, "web"), (refusal.Code, refusal.Target));
        Assert.Contains($"no user '{user}'", refusal.Message);
    }

    [Fact]
    public void A_program_that_is_not_there_is_told_before_the_start_also_behind_prlimit()
    {
        ProcessScope scope = _scopes.Create(Spec(All));
        ServiceCtlException refusal = Assert.Throws<ServiceCtlException>(() => scope.Wrap(ProcessBench.Program("/no/such/program")));
        Assert.Equal(ErrorCode.RunnerMissing, refusal.Code);
        Assert.Contains("/no/such/program", refusal.Message);
    }

    [Fact]
    public void Without_limits_and_user_the_program_itself_is_spawned_and_carries_the_marker()
    {
        ProcessScope scope = _scopes.Create(Spec(ScopeLimits.None));
        ProcessSpec wrapped = scope.Wrap(ProcessBench.Program("/bin/true"));
        Assert.Equal("/bin/true", wrapped.FileName);
        Assert.Equal("web", wrapped.Environment["SERVICECTL_SERVICE"]);
        Assert.Equal(scope.Marker, ScopeMarker.Parse(wrapped.Environment["SERVICECTL_GENERATION"]));
    }

    private static ScopeSpec Spec(ScopeLimits limits) => new() { Service = "web", Generation = 1, Limits = limits };
}
