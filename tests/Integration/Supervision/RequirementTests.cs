using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Supervision;

/// <summary>What <c>requires:</c> does to starts and stops.</summary>
public sealed class RequirementTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task A_start_begins_with_what_is_required_and_says_so()
    {
        await RegisterAsync(("cache", ""), ("auth", "requires: [cache]"), ("billing", "requires: [auth, cache]"), ("other", ""));

        var results = await OrderAsync(ServiceAction.Start, "billing");

        Assert.Equal(["cache", "auth", "billing"], results.Select(result => result.Service));
        Assert.All(results, result => Assert.Equal(OperationOutcome.Done, result.Outcome));
        Assert.EndsWith("billing requires it.", results[1].Message, StringComparison.Ordinal);
        Assert.Null(results[2].Because);
        Assert.Equal(["auth", "billing", "cache"], await RunningAsync());

        // What runs already is not worth a word.
        Assert.Equal(["billing"], (await OrderAsync(ServiceAction.Restart, "billing")).Select(result => result.Service));
    }

    [Fact]
    public async Task A_requirement_that_fails_fails_what_requires_it_and_is_named()
    {
        await RegisterAsync(("auth", "restart: {when: never}"), ("billing", "requires: [auth]"), ("shop", "requires: [billing]"));
        File.WriteAllText(Path.Combine(_home.Folder("auth"), "run.sh"), "#!/bin/sh\necho no database; exit 7\n");

        var results = (await OrderAsync(ServiceAction.Start, "shop")).ToDictionary(result => result.Service);

        Assert.Equal(ErrorCode.ExitedEarly, results["auth"].Error?.Code);
        Assert.Equal(ErrorCode.RequirementFailed, results["billing"].Error?.Code);
        Assert.StartsWith("billing was not started, because auth, which it requires, failed: auth ended before it was ready (exit code 7",
            results["billing"].Message, StringComparison.Ordinal);
        Assert.StartsWith("shop was not started, because billing, which it requires, failed", results["shop"].Message,
            StringComparison.Ordinal);
        Assert.Empty(await RunningAsync());
    }

    [Fact]
    public async Task A_circle_is_shown_and_hinders_nobody_else()
    {
        await RegisterAsync(("a", "requires: [b]"), ("b", "requires: [c]"), ("c", "requires: [a]"), ("free", ""));

        var results = (await OrderAsync(ServiceAction.Start, "a", "free")).ToDictionary(result => result.Service);

        Assert.Equal(ErrorCode.ConfigInvalid, results["a"].Error?.Code);
        Assert.Contains("a -> b -> c -> a", results["a"].Message, StringComparison.Ordinal);
        Assert.Equal(["free"], await RunningAsync());
    }

    [Fact]
    public async Task A_requirement_that_nobody_knows_is_named()
    {
        await RegisterAsync(("billing", "requires: [nowhere]"));

        var result = Assert.Single(await OrderAsync(ServiceAction.Start, "billing"));

        Assert.Equal(ErrorCode.ServiceNotFound, result.Error?.Code);
        Assert.Contains("billing requires nowhere", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_begins_with_what_requires_the_service()
    {
        await RegisterAsync(("cache", ""), ("auth", "requires: [cache]"), ("billing", "requires: [auth]"), ("other", ""));
        await OrderAsync(ServiceAction.Start, "billing", "other");

        var results = await OrderAsync(ServiceAction.Stop, "cache");

        Assert.Equal(["billing", "auth", "cache"], results.Select(result => result.Service));
        Assert.EndsWith("It requires auth.", results[0].Message, StringComparison.Ordinal);
        Assert.Equal(["other"], await RunningAsync());
    }

    [Fact]
    public async Task Everything_is_started_and_stopped_in_its_order()
    {
        await RegisterAsync(("z", ""), ("m", "requires: [z]"), ("a", "requires: [m]"));

        var started = await OrderAsync(ServiceAction.Start, "*");
        var stopped = await OrderAsync(ServiceAction.Stop, "*");

        Assert.Equal(["z", "m", "a"], started.Select(result => result.Service));
        Assert.Equal(["a", "m", "z"], stopped.Select(result => result.Service));
    }

    [Fact]
    public async Task A_stop_withdraws_a_start_that_waits_for_what_it_requires()
    {
        await RegisterAsync(("slow", "ready: {log: never}"), ("billing", "requires: [slow]"));
        var starting = OrderAsync(ServiceAction.Start, "billing");
        await _home.Client.Services.WaitAsync("slow", ServiceState.Starting, Patience.Limit, CancellationToken.None);

        await OrderAsync(ServiceAction.Stop, "billing");
        await OrderAsync(ServiceAction.Stop, "slow");

        var results = (await starting.WaitAsync(Patience.Limit)).ToDictionary(result => result.Service);
        Assert.Equal(ErrorCode.Cancelled, results["billing"].Error?.Code);
        Assert.Empty(await RunningAsync());
    }

    private async Task RegisterAsync(params (string Name, string More)[] services)
    {
        foreach (var (name, more) in services)
        {
            var service = more.StartsWith("ready", StringComparison.Ordinal)
                ? new LocalService(_home, name, $"service: {{runner: command, command: [/bin/sleep, '1000'], {more}}}")
                : Sleepers.Create(_home, name, more);
            await _home.Client.Services.RegisterAsync(service.Folder, null, CancellationToken.None);
        }
    }

    private async Task<List<OperationResult>> OrderAsync(ServiceAction action, params string[] services)
    {
        var results = new List<OperationResult>();
        await foreach (var result in _home.Client.Services.OperateAsync(new OperationRequest { Action = action, Services = services }, null,
            CancellationToken.None))
            results.Add(result);
        return results;
    }

    private async Task<string[]> RunningAsync() =>
        [.. (await _home.Client.Services.GetAsync([], CancellationToken.None)).Where(service => service.State == ServiceState.Running)
            .Select(service => service.Name)];
}
