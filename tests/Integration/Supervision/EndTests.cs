using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Supervision;

/// <summary>Programs that end by themselves: at once, after their work, and while they are awaited again.</summary>
public sealed class EndTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Theory]
    [InlineData("runner: python, command: [main.py]")]
    [InlineData("runner: command, command: [/usr/bin/python3, main.py]")]
    [InlineData("runner: command, command: [/usr/bin/python3, main.py], instances: 2")]
    [InlineData("runner: command, command: [/usr/bin/python3, main.py], restart: {when: on-failure}")]
    public async Task A_program_without_an_address_that_dies_at_once_has_failed_to_start(string words)
    {
        var service = new LocalService(_home, "short", $"service: {{{words}}}\n", ("main.py", "import a_module_nobody_has\n"));

        var result = await service.OrderAsync(ServiceAction.Start);

        Assert.Equal(ErrorCode.ExitedEarly, result.Error?.Code);
        Assert.Contains("main.py, line 1: ModuleNotFoundError", result.Message, StringComparison.Ordinal);
        Assert.Contains(result.Error!.LogLines, line => line.Contains("Traceback", StringComparison.Ordinal));
        Assert.Equal(ServiceState.Failed, (await service.StatusAsync()).State);
    }

    [Fact]
    public async Task It_counts_as_started_when_it_has_lived_for_a_second_unless_its_delay_says_otherwise()
    {
        var usual = new LocalService(_home, "usual", "service: {runner: command, command: [sleep, '1000']}\n");
        var hasty = new LocalService(_home, "hasty", "service: {runner: command, command: [sleep, '1000'], ready: {delay: 0s}}\n");
        var told = new LocalService(_home, "told",
            "service: {runner: command, command: [sh, -c, 'echo up; exec sleep 1000'], ready: {log: ^up$}}\n");

        Assert.InRange((await usual.MustAsync(ServiceAction.Start)).Duration.TotalSeconds, 1, Patience.Limit.TotalSeconds);
        await hasty.MustAsync(ServiceAction.Start);
        await told.MustAsync(ServiceAction.Start);

        Assert.Null((await usual.StatusAsync()).Problem);
    }

    [Theory]
    [InlineData("on-failure", false)]
    [InlineData("never", false)]
    [InlineData("on-failure", true)]
    [InlineData("on-failure", true, 2)]
    public async Task An_end_with_exit_code_0_that_needs_no_restart_is_no_failure(string when, bool atOnce, int instances = 1)
    {
        var service = Job(0, $"instances: {instances}, restart: {{when: {when}}}");
        if (atOnce)
            LetEnd(service);

        await service.MustAsync(ServiceAction.Start);
        LetEnd(service);
        await _home.Client.Services.WaitAsync("job", ServiceState.Stopped, Patience.Limit, CancellationToken.None);

        var status = await service.StatusAsync();
        Assert.Null(status.Problem);
        Assert.Equal((0, 0, false), (status.LastExit!.Code, status.Restarts, status.LastExit.Expected));
        Assert.Contains("Stopped", (await _home.RunAsync(service.Folder, "status")).Output, StringComparison.Ordinal);

        // The next agent does not take it for one that it has to bring back.
        await _home.KillAgentAsync();
        Assert.Equal(ServiceState.Stopped, (await service.StatusAsync()).State);
        await service.MustAsync(ServiceAction.Start);
    }

    [Theory]
    [InlineData("always", 0)]
    [InlineData("on-failure", 3)]
    public async Task Every_other_end_is_followed_by_a_new_start(string when, int code)
    {
        var service = Job(code, $"restart: {{when: {when}, delay: 1m}}");

        await service.MustAsync(ServiceAction.Start);
        LetEnd(service);
        await _home.Client.Services.WaitAsync("job", ServiceState.Restarting, Patience.Limit, CancellationToken.None);

        var stopped = await service.MustAsync(ServiceAction.Stop);
        Assert.Contains("the restart that was due is withdrawn", stopped.Message, StringComparison.Ordinal);
        Assert.Equal(OperationOutcome.Unchanged, (await service.OrderAsync(ServiceAction.Stop)).Outcome);
    }

    [Fact]
    public async Task A_failure_that_is_not_to_be_followed_is_told_as_one()
    {
        var service = Job(3, "restart: {when: never}");

        await service.MustAsync(ServiceAction.Start);
        LetEnd(service);
        await _home.Client.Services.WaitAsync("job", ServiceState.Failed, Patience.Limit, CancellationToken.None);

        Assert.Equal("It ended without an order (exit code 3); service.restart.when is never, so it is left alone.",
            (await service.StatusAsync()).Problem);
    }

    [Fact]
    public async Task A_stop_says_that_it_withdraws_a_start()
    {
        var service = new LocalService(_home, "slow",
            "service: {runner: command, command: [sleep, '1000'], ready: {delay: 1m, timeout: 2m}}\n");
        await _home.Client.Services.RegisterAsync(service.Folder, null, CancellationToken.None);
        var start = service.OrderAsync(ServiceAction.Start);
        await _home.Client.Services.WaitAsync("slow", ServiceState.Starting, Patience.Limit, CancellationToken.None);

        var stopped = await service.MustAsync(ServiceAction.Stop);

        Assert.Contains("the start that was under way is withdrawn", stopped.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.Cancelled, (await start).Error?.Code);
    }

    private static void LetEnd(LocalService service) => File.WriteAllText(Path.Combine(service.Folder, "go"), "");

    /// <summary>Ends when it may.</summary>
    private LocalService Job(int code, string words) => new(
        _home, "job", $"service: {{runner: command, command: [sh, -c, 'while [ ! -e go ]; do sleep 0.02; done; exit {code}'], {words}}}\n");
}
