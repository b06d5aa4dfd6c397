using System.Diagnostics;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Supervision;

/// <summary>Orders are obeyed during every wait, and a configuration that was edited is neither taken unasked nor ignored.</summary>
public sealed class WaitingTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task A_start_ends_the_wait_before_a_restart()
    {
        var service = Patient("eager", "1m");
        await CrashAsync(service);

        var result = await service.OrderAsync(ServiceAction.Start).WaitAsync(Patience.Limit);

        Assert.Equal((OperationOutcome.Done, ServiceState.Running), (result.Outcome, result.After!.State));
        Assert.Null((await service.StatusAsync()).Problem);
    }

    [Theory]
    [InlineData(ServiceAction.Stop, ServiceState.Stopped)]
    [InlineData(ServiceAction.Restart, ServiceState.Running)]
    public async Task An_order_takes_the_place_of_a_start_that_nobody_ordered(ServiceAction action, ServiceState state)
    {
        // After the crash it never gets ready by itself.
        var service = Patient("stuck", "10ms", "[ -e broken ] && { echo sulking; exec sleep 1000; }\necho up\nexec sleep 1000",
            "ready: {log: ^up, timeout: 5m}");
        await service.MustAsync(ServiceAction.Start);
        var broken = Path.Combine(service.Folder, "broken");
        File.WriteAllText(broken, "");
        var first = (await service.StatusAsync()).Pid!.Value;
        Process.GetProcessById(first).Kill();
        await UntilAsync(async () => await service.StatusAsync() is { State: ServiceState.Restarting, Pid: { } pid } && pid != first);
        File.Delete(broken);

        var result = await service.OrderAsync(action).WaitAsync(Patience.Limit);

        Assert.NotEqual(OperationOutcome.Failed, result.Outcome);
        var status = await service.StatusAsync();
        Assert.Equal(state, status.State);
        Assert.Equal(state == ServiceState.Running ? 1 : 0, status.ProcessCount);
    }

    [Fact]
    public async Task A_stop_during_a_stop_waits_for_the_same_end()
    {
        var service = Patient("leisurely", "1m", "echo up\ntrap 'sleep 1; exit 0' TERM\nwhile :; do sleep 0.1; done",
            "stop: {timeout: 20s}, ready: {log: up}");
        await service.MustAsync(ServiceAction.Start);
        var first = service.OrderAsync(ServiceAction.Stop);
        await _home.Client.Services.WaitAsync("leisurely", ServiceState.Stopping, Patience.Limit, CancellationToken.None);

        var second = await service.OrderAsync(ServiceAction.Stop);

        Assert.Equal(OperationOutcome.Done, (await first).Outcome);
        Assert.Equal(OperationOutcome.Unchanged, second.Outcome);
        Assert.Equal(ServiceState.Stopped, second.After!.State);
    }

    [Fact]
    public async Task A_start_during_a_stop_starts_it_again_afterwards()
    {
        var service = Patient("undecided", "1m", "echo up\ntrap 'sleep 1; exit 0' TERM\nwhile :; do sleep 0.1; done",
            "stop: {timeout: 20s}, ready: {log: up}");
        await service.MustAsync(ServiceAction.Start);
        var stop = service.OrderAsync(ServiceAction.Stop);
        await _home.Client.Services.WaitAsync("undecided", ServiceState.Stopping, Patience.Limit, CancellationToken.None);

        var start = await service.OrderAsync(ServiceAction.Start);

        Assert.Equal((OperationOutcome.Done, OperationOutcome.Done), ((await stop).Outcome, start.Outcome));
        Assert.Equal(ServiceState.Running, start.After!.State);
    }

    [Fact]
    public async Task An_edited_configuration_is_told_and_taken_by_a_restart_not_by_a_crash()
    {
        var service = Patient("edited", "10ms");
        await service.MustAsync(ServiceAction.Start);
        var first = await service.StatusAsync();
        Assert.Null(first.ConfigChange);

        service.Replace("config.yaml", "delay: 10ms", "delay: 11ms");
        Assert.Contains("a restart takes it", (await service.StatusAsync()).ConfigChange, StringComparison.Ordinal);
        Assert.Equal(first.Pid, (await service.StatusAsync()).Pid);
        File.AppendAllText(service.Config, "\n- nonsense: [");
        Assert.Contains("can't be used", (await service.StatusAsync()).ConfigChange, StringComparison.Ordinal);

        // Half-written as it is, it does not keep the service from coming back.
        Process.GetProcessById(first.Pid!.Value).Kill();
        await UntilAsync(async () => await service.StatusAsync() is { State: ServiceState.Running, Pid: { } pid } && pid != first.Pid);

        service.Replace("config.yaml", "\n- nonsense: [", "");
        await service.MustAsync(ServiceAction.Restart);
        Assert.Null((await service.StatusAsync()).ConfigChange);
    }

    private LocalService Patient(
        string name, string delay, string script = "echo up\nexec sleep 1000", string more = "ready: {log: up}") =>
        new(_home, name, $"service: {{runner: command, command: [./run.sh], restart: {{delay: {delay}}}, {more}}}",
            ("run.sh", $"#!/bin/sh\n{script}\n"));

    private async Task CrashAsync(LocalService service)
    {
        await service.MustAsync(ServiceAction.Start);
        Process.GetProcessById((await service.StatusAsync()).Pid!.Value).Kill();
        await _home.Client.Services.WaitAsync(service.Name, ServiceState.Restarting, Patience.Limit, CancellationToken.None);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = Patience.Begin();
        while (!await condition())
            await Task.Delay(50, limit.Token);
    }
}
