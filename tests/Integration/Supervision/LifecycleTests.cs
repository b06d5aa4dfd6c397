using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Supervision;

/// <summary>Start, stop and restart of a Flask service under real uWSGI.</summary>
public sealed class LifecycleTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task A_started_service_answers_and_shows_itself()
    {
        var service = new FlaskService(_home, "shown");

        var result = await service.MustAsync(ServiceAction.Start);

        Assert.Equal("one", await service.GetAsync("/version"));
        var status = await service.StatusAsync();
        Assert.Equal(ServiceState.Running, status.State);
        Assert.Equal(result.After!.Pid, status.Pid);
        Assert.Equal($"127.0.0.1:{service.Port}", status.Listen);
        Assert.True(status.Listening);
        Assert.Equal(2, status.Workers.Count);
        Assert.All(status.Workers, worker => Assert.True(worker.HasApp));
        Assert.Equal(3, status.ProcessCount);
        Assert.InRange(status.MemoryBytes!.Value, 5 << 20, 1 << 30);
        Assert.Equal(status.Pid.ToString(), File.ReadAllText(service.PidFile).Trim());
    }

    [Fact]
    public async Task Env_vars_reach_the_service_and_the_session_that_started_the_agent_does_not()
    {
        Environment.SetEnvironmentVariable("LEAKED_FROM_A_SESSION", "yes");
        var service = new FlaskService(_home, "environment", more: "service: {environment: {GREETING: hello}}");

        await service.MustAsync(ServiceAction.Start);

        Assert.Equal("environment", await service.GetAsync("/environment/SERVICE_NAME"));
        Assert.Equal("hello", await service.GetAsync("/environment/GREETING"));
        Assert.Equal("unset", await service.GetAsync("/environment/LEAKED_FROM_A_SESSION"));
    }

    [Fact]
    public async Task Starting_what_runs_is_told_and_not_repeated()
    {
        var service = new FlaskService(_home, "twice");
        var first = await service.MustAsync(ServiceAction.Start);

        var second = await service.OrderAsync(ServiceAction.Start);

        Assert.Equal(OperationOutcome.Unchanged, second.Outcome);
        Assert.Equal(first.After!.Pid, second.After!.Pid);
        Assert.Contains($"pid {first.After.Pid}", second.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_lets_the_request_in_flight_finish()
    {
        var service = new FlaskService(_home, "drain");
        await service.MustAsync(ServiceAction.Start);
        var slow = await service.BeginAsync("/slow/1.5");

        await service.MustAsync(ServiceAction.Stop);

        Assert.Equal("done", await slow);
    }

    [Fact]
    public async Task After_a_stop_process_group_port_and_files_are_gone_and_folders_stay()
    {
        var service = new FlaskService(_home, "clean");
        var started = await service.MustAsync(ServiceAction.Start);
        File.WriteAllText(Path.Combine(service.Folder, "tmp", "left"), "x");

        await service.MustAsync(ServiceAction.Stop);

        Assert.False(Directory.Exists($"/proc/{started.After!.Pid}"));
        using (var listener = new TcpListener(IPAddress.Loopback, service.Port))
            listener.Start();
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(service.Folder, "tmp")));
        var status = await service.StatusAsync();
        Assert.Equal(ServiceState.Stopped, status.State);
        Assert.Equal(0, status.LastExit!.Code);
        Assert.True(status.LastExit.Expected);
    }

    [Fact]
    public async Task Stopping_what_does_not_run_is_told()
    {
        var service = new FlaskService(_home, "idle");

        var result = await service.OrderAsync(ServiceAction.Stop);

        Assert.Equal(OperationOutcome.Unchanged, result.Outcome);
    }

    [Fact]
    public async Task A_request_longer_than_the_drain_time_is_cut_and_the_result_says_so()
    {
        var service = new FlaskService(_home, "stubborn", more: "service: {stop: {timeout: 1s}}");
        await service.MustAsync(ServiceAction.Start);
        var slow = await service.BeginAsync("/slow/60.0");

        var result = await service.MustAsync(ServiceAction.Stop);

        Assert.Contains("killed", Assert.Single(result.Warnings), StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => slow);
        Assert.Equal(ServiceState.Stopped, result.After!.State);
    }

    [Fact]
    public async Task A_restart_is_a_new_process_with_the_new_configuration()
    {
        var service = new FlaskService(_home, "restart");
        var first = await service.MustAsync(ServiceAction.Start);
        service.Replace("config.yaml", "processes: 2", "processes: 3");
        service.Replace("app.py", "'one'", "'two'");

        var second = await service.MustAsync(ServiceAction.Restart);

        Assert.NotEqual(first.After!.Pid, second.After!.Pid);
        Assert.Equal("two", await service.GetAsync("/version"));
        Assert.Equal(3, (await service.StatusAsync()).Workers.Count);
    }

    [Fact]
    public async Task A_configuration_that_became_wrong_leaves_the_running_generation_alone()
    {
        var service = new FlaskService(_home, "kept");
        var first = await service.MustAsync(ServiceAction.Start);
        service.Replace("config.yaml", "processes: 2", "processes: [2");

        var result = await service.OrderAsync(ServiceAction.Restart);

        Assert.Equal(ErrorCode.ConfigInvalid, result.Error?.Code);
        Assert.Equal(service.Config, Assert.Single(result.Error!.Problems).Source);
        Assert.Equal(first.After!.Pid, (await service.StatusAsync()).Pid);
        Assert.Equal("one", await service.GetAsync("/version"));
    }

    [Fact]
    public async Task The_end_of_a_service_is_noticed_and_reported()
    {
        var service = new FlaskService(_home, "dies", more: "service: {restart: {when: never}}");
        var started = await service.MustAsync(ServiceAction.Start);

        Process.GetProcessById(started.After!.Pid!.Value).Kill();
        await _home.Client.Services.WaitAsync("dies", ServiceState.Failed, Patience.Limit, CancellationToken.None);

        var status = await service.StatusAsync();
        Assert.Equal(9, status.LastExit!.Signal);
        Assert.False(status.LastExit.Expected);
        Assert.Equal(0, status.ProcessCount);
        await service.MustAsync(ServiceAction.Start);
    }

    [Fact]
    public async Task A_withdrawn_start_leaves_nothing_behind()
    {
        var service = new FlaskService(_home, "withdrawn", app: "import time\ntime.sleep(20)\n");
        await _home.Client.Services.RegisterAsync(service.Folder, null, CancellationToken.None);
        using var withdrawal = new CancellationTokenSource(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => service.OrderAsync(ServiceAction.Start, withdrawal.Token));

        await _home.Client.Services.WaitAsync("withdrawn", ServiceState.Stopped, Patience.Limit, CancellationToken.None);
        Assert.Equal(0, (await service.StatusAsync()).ProcessCount);
        Assert.False(File.Exists(service.PidFile));
    }
}
