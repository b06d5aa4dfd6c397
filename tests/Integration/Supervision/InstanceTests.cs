using System.Diagnostics;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Supervision;

/// <summary><c>instances:</c> of servers that have no workers of their own.</summary>
public sealed class InstanceTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task Instances_share_the_socket_and_each_knows_its_number()
    {
        var service = Server("several", "instances: 3");
        await service.MustAsync(ServiceAction.Start);

        var workers = (await service.StatusAsync()).Workers;
        Assert.Equal([0, 1, 2], workers.Select(worker => worker.Id));
        Assert.Equal([0, 1, 2], workers.Select(worker => int.Parse(Variable(worker.Pid, "SERVICECTL_INSTANCE")!, null)));
        Assert.Equal("one", await service.GetAsync("/version"));

        await using var load = new Load(service.Port);
        await load.ReachAsync(200);
        await service.MustAsync(ServiceAction.Restart);
        await load.ReachAsync(load.Succeeded + 200);
        Assert.True(load.Failed == 0, $"{load.Failed} requests failed: {load.FirstFailure}");
        Assert.Equal(3, (await service.StatusAsync()).ProcessCount);
        Assert.All(workers, worker => Assert.Null(ProcessIdentity.Of(worker.Pid)));
    }

    [Fact]
    public async Task One_that_dies_is_replaced_with_its_helpers_and_the_others_are_not_touched()
    {
        // Each has a helper in a session of its own.
        var service = Sleepers.Create(_home, "trio", "instances: 3", "setsid sleep 1234 &\nexec sleep 1000");
        await service.MustAsync(ServiceAction.Start);
        var before = (await service.WithProcessesAsync(6)).Workers;
        var helpers = Helpers(before[1].Pid);

        Process.GetProcessById(before[1].Pid).Kill();
        var after = await UntilAsync(service,
            status => status.Workers.Count == 3 && status.Workers[1].Pid != before[1].Pid && status.Problem is null);

        Assert.Equal((before[0].Pid, before[2].Pid), (after.Workers[0].Pid, after.Workers[2].Pid));
        Assert.Equal((ServiceState.Running, 1, 1), (after.State, after.Restarts, after.Generation));
        Assert.Equal("1", Variable(after.Workers[1].Pid, "SERVICECTL_INSTANCE"));
        Assert.NotEmpty(helpers);
        Assert.All(helpers, helper => Assert.False(helper.IsAlive()));
        await service.WithProcessesAsync(6);
    }

    [Fact]
    public async Task When_the_first_dies_the_pid_of_the_service_is_its_successors()
    {
        var service = Sleepers.Create(_home, "heir", "instances: 2");
        await service.MustAsync(ServiceAction.Start);
        var before = (await service.StatusAsync()).Workers;

        Process.GetProcessById(before[0].Pid).Kill();
        var after = await UntilAsync(service,
            status => status.Workers.Count == 2 && status.Workers[0].Pid != before[0].Pid && status.Problem is null);

        Assert.Equal(after.Workers[0].Pid, after.Pid);
    }

    [Fact]
    public async Task When_all_die_the_service_comes_back_as_a_new_generation()
    {
        var service = Sleepers.Create(_home, "phoenix", "instances: 2");
        await service.MustAsync(ServiceAction.Start);
        foreach (var worker in (await service.StatusAsync()).Workers)
            Process.GetProcessById(worker.Pid).Kill();

        var after = await UntilAsync(service,
            status => status.Workers.Count == 2 && status.Workers.All(worker => ProcessIdentity.Of(worker.Pid) is not null)
                && status.State == ServiceState.Running);

        Assert.Equal(2, after.ProcessCount);
    }

    [Fact]
    public async Task An_instance_that_can_not_stay_up_is_given_up_and_the_others_serve()
    {
        var service = Sleepers.Create(_home, "lame", "instances: 2, restart: {delay: 10ms, give_up: 3 in 1m}",
            "[ \"$SERVICECTL_INSTANCE\" = 1 ] && [ -e dead ] && exit 3\nexec sleep 1000");
        await service.MustAsync(ServiceAction.Start);
        var before = (await service.StatusAsync()).Workers;
        File.WriteAllText(Path.Combine(service.Folder, "dead"), "");

        Process.GetProcessById(before[1].Pid).Kill();
        var after = await UntilAsync(service, status => status.Problem?.Contains("left alone", StringComparison.Ordinal) == true);

        Assert.Equal((ServiceState.Running, before[0].Pid), (after.State, Assert.Single(after.Workers).Pid));
        Assert.Contains("lame (instance 1)", after.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_next_agent_takes_all_of_them_on_and_starts_what_is_missing()
    {
        var service = Sleepers.Create(_home, "orphans", "instances: 3");
        await service.MustAsync(ServiceAction.Start);
        var before = (await service.StatusAsync()).Workers;
        await _home.KillAgentAsync();
        using (var second = Process.GetProcessById(before[1].Pid))
            second.Kill();
        while (ProcessIdentity.Of(before[1].Pid) is not null)
            await Task.Delay(10);

        var after = await UntilAsync(service, status => status.Workers.Count == 3);

        Assert.Equal((before[0].Pid, before[2].Pid), (after.Workers[0].Pid, after.Workers[2].Pid));
        Assert.Equal((1, 3), (after.Generation, after.ProcessCount));
        await service.MustAsync(ServiceAction.Stop);
        Assert.All(before, worker => Assert.Null(ProcessIdentity.Of(worker.Pid)));
    }

    [Fact]
    public async Task Several_that_would_bind_one_address_are_refused_and_what_runs_goes_on()
    {
        var service = Server("binder", "instances: 1", "--port, '{port}'");
        var first = await service.MustAsync(ServiceAction.Start);
        service.Replace("config.yaml", "instances: 1", "instances: 2");

        var result = await service.OrderAsync(ServiceAction.Restart);

        Assert.Equal(ErrorCode.ConfigInvalid, result.Error?.Code);
        Assert.Contains("socket: pass", result.Error!.Advice, StringComparison.Ordinal);
        Assert.Equal((ServiceState.Running, first.After!.Pid), (result.After!.State, result.After.Pid));
        Assert.Equal("one", await service.GetAsync("/version"));
    }

    private LocalService Server(string name, string more, string how = "--fd, '{fd}'") => new(
        _home, name, $"service: {{runner: command, command: [/usr/bin/python3, server.py, {how}], listen: '127.0.0.1:PORT', {more}}}",
        ("server.py", RunnerSamples.Server));

    private static string? Variable(int pid, string name) => ProcFs.TryReadEnvironmentVariable(pid, name);

    private static ProcessIdentity[] Helpers(int pid) => [.. ProcessTable.Read().DescendantsOf(pid).Select(process => process.Identity)];

    private static async Task<PyServiceStatus> UntilAsync(LocalService service, Func<PyServiceStatus, bool> condition)
    {
        using var limit = Patience.Begin();
        while (true)
        {
            var status = await service.StatusAsync();
            if (condition(status))
                return status;
            Assert.False(limit.IsCancellationRequested, $"{status}: {status.Problem}; {string.Join(", ", status.Workers)}");
            await Task.Delay(50, CancellationToken.None);
        }
    }
}
