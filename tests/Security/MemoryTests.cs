using System.Globalization;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Tests.Security;

/// <summary>
/// The kernel ends the agent, because the memory that it may have has run out. What serves is not in its cgroup, and serves on.
/// </summary>
public sealed class MemoryTests(Attackers attackers) : IAsyncDisposable
{
    private const int Asking = 16;

    private readonly Home _home = new();
    private readonly MemoryGroup? _group = MemoryGroup.TryMake();

    public async ValueTask DisposeAsync()
    {
        await _home.DisposeAsync();
        _group?.Dispose();
    }

    [Fact]
    public async Task An_agent_that_is_killed_for_memory_takes_no_service_with_it_and_the_next_one_takes_them_on()
    {
        Assert.SkipWhen(_group is null, "this host lets nobody have a cgroup with a limit of memory");
        var service = new LocalService(
            _home, "survivor",
            "service: {runner: command, command: [/usr/bin/python3, server.py, --fd, '{fd}'], socket: pass, listen: '127.0.0.1:PORT', "
                + $"user: {attackers.Owner.Name}, ready: {{http: /}}}}\n",
            ("server.py", RunnerSamples.Server));
        ThrowawayUser.Open(service.Folder);
        attackers.Owner.Own(service.Folder);
        var started = await service.MustAsync(ServiceAction.Start);
        var agent = ProcessIdentity.Of((await _home.Client.Agent.FindAsync(CancellationToken.None))!.Pid)!.Value;
        await using var load = new Load(service.Port, clients: 2);
        await load.ReachAsync(20);

        _group.Take(agent.Pid);
        using var end = new CancellationTokenSource();
        Task[] asking = [.. Enumerable.Range(0, Asking).Select(_ => AskAsync(agent, end.Token))];
        await Condition.HoldsAsync(() => !agent.IsAlive(), "the kernel ends the agent");
        await end.CancelAsync();
        await Task.WhenAll(asking);

        Assert.True(_group.Kills > 0, "it ended by itself");
        var status = await service.StatusAsync();
        Assert.Equal((ServiceState.Running, started.After!.Pid, 1), (status.State, status.Pid, status.Generation));
        Assert.NotEqual(agent.Pid, (await _home.Client.Agent.FindAsync(CancellationToken.None))!.Pid);
        var restart = await service.MustAsync(ServiceAction.Restart);
        await load.ReachAsync(load.Succeeded + 20);
        Assert.Equal(2, restart.After!.Generation);
        Assert.True(load.Failed == 0, $"{load.Failed} requests failed: {load.FirstFailure}");
    }

    /// <summary>Has the agent work, as long as it is there: asked over its socket, so that no other is started meanwhile.</summary>
    private async Task AskAsync(ProcessIdentity agent, CancellationToken end)
    {
        while (!end.IsCancellationRequested && agent.IsAlive())
        {
            _ = await CommandResult.RunAsync(
                "/usr/bin/curl", "--silent", "--output", "/dev/null", "--max-time", "5", "--unix-socket", _home.Paths.Socket,
                "http://agent/v1/status");
        }
    }

    /// <summary>A cgroup for the agent alone, of either version, with hardly any memory.</summary>
    private sealed class MemoryGroup : IDisposable
    {
        private const int Limit = 1 << 20;

        private readonly string _folder;
        private readonly bool _isFirstVersion;

        private MemoryGroup(string folder, bool isFirstVersion)
        {
            _folder = folder;
            _isFirstVersion = isFirstVersion;
        }

        /// <summary>How many of its processes the kernel has killed.</summary>
        public int Kills => File.ReadLines(Path.Combine(_folder, _isFirstVersion ? "memory.oom_control" : "memory.events"))
            .Select(line => line.Split(' ')).Where(words => words[0] == "oom_kill")
            .Sum(words => int.Parse(words[1], CultureInfo.InvariantCulture));

        /// <returns>Null where there is none to be had.</returns>
        public static MemoryGroup? TryMake()
        {
            foreach (var (root, limit, isFirst) in (ReadOnlySpan<(string, string, bool)>)
                [("/sys/fs/cgroup/memory", "memory.limit_in_bytes", true), ("/sys/fs/cgroup", "memory.max", false)])
            {
                if (!Environment.IsPrivilegedProcess || !Directory.Exists(root))
                    continue;
                var folder = Path.Combine(root, $"sc-{Guid.NewGuid():N}");
                try
                {
                    Directory.CreateDirectory(folder);
                    if (File.Exists(Path.Combine(folder, limit)))
                        return new MemoryGroup(folder, isFirst);
                    Directory.Delete(folder);
                }
                catch (Exception error) when (error is IOException or UnauthorizedAccessException)
                {
                    // Mounted for reading, or not for us.
                }
            }

            return null;
        }

        /// <summary>What it has by now counts where it was; from here on it gets nothing.</summary>
        public void Take(int pid)
        {
            File.WriteAllText(Path.Combine(_folder, "cgroup.procs"), pid.ToString(CultureInfo.InvariantCulture));
            File.WriteAllText(
                Path.Combine(_folder, _isFirstVersion ? "memory.limit_in_bytes" : "memory.max"),
                Limit.ToString(CultureInfo.InvariantCulture));
        }

        public void Dispose() => Directory.Delete(_folder);
    }
}
