using System.Diagnostics;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Failures;

/// <summary>at_once of on_failure.yaml: so many services are started again at the same time, and no more.</summary>
public sealed class AtOnceTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task Five_hundred_services_that_fail_at_once_come_back_a_tenth_at_a_time()
    {
        const int Count = 500;
        Write("at_once: 10%\n");
        var here = _home.Folder("here");
        var starts = Path.Combine(here, "starts");
        for (var number = 0; number < Count; number++)
            await Make($"s{number:000}", $"[ -e {starts} ] && echo + >> {starts} && sleep 0.2 && echo - >> {starts}").RegisterAsync();
        Assert.Equal(0, (await _home.RunAsync(here, "start", "s*")).Code);
        var before = (await _home.Client.Services.GetAsync(["s*"], CancellationToken.None)).Select(service => service.Pid!.Value)
            .ToHashSet();

        await File.WriteAllTextAsync(starts, "");
        foreach (var pid in before)
            Process.GetProcessById(pid).Kill();

        await Condition.HoldsAsync(async () =>
            (await _home.Client.Services.GetAsync(["s*"], CancellationToken.None)).Count(service => service.State is ServiceState.Running
                && service.Pid is { } pid && !before.Contains(pid)) == Count, "all are back");
        var (now, peak) = (0, 0);
        foreach (var line in await File.ReadAllLinesAsync(starts))
            peak = Math.Max(peak, now += line == "+" ? 1 : -1);
        Assert.InRange(peak, 2, Count / 10);
    }

    [Fact]
    public async Task What_waits_for_its_turn_says_so_and_no_order_waits_with_it()
    {
        Write("at_once: 1\n");
        var slow = Make("slow", "while [ -e wait ]; do sleep 0.05; done");
        var ordered = Make("ordered", "true");
        var stopped = Make("stopped", "true");
        var later = Make("later", "true");
        foreach (var service in new[] { slow, ordered, stopped, later })
            await service.MustAsync(ServiceAction.Start);
        await File.WriteAllTextAsync(Path.Combine(slow.Folder, "wait"), "");
        Process.GetProcessById((await slow.StatusAsync()).Pid!.Value).Kill();
        await _home.Client.Services.WaitAsync("slow", ServiceState.Restarting, Patience.Limit, CancellationToken.None);
        await Condition.HoldsAsync(async () => (await slow.StatusAsync()).Pid is not null, "it is being started");

        foreach (var service in new[] { ordered, stopped, later })
        {
            Process.GetProcessById((await service.StatusAsync()).Pid!.Value).Kill();
            await Condition.HoldsAsync(
                async () => (await service.StatusAsync()).Problem?.Contains("waits for its turn", StringComparison.Ordinal) == true,
                $"{service.Name} waits");
        }

        await ordered.MustAsync(ServiceAction.Start);
        await stopped.MustAsync(ServiceAction.Stop);
        Assert.Equal(ServiceState.Running, (await ordered.StatusAsync()).State);
        Assert.Equal(ServiceState.Restarting, (await later.StatusAsync()).State);

        File.Delete(Path.Combine(slow.Folder, "wait"));
        await _home.Client.Services.WaitAsync("slow", ServiceState.Running, Patience.Limit, CancellationToken.None);
        await _home.Client.Services.WaitAsync("later", ServiceState.Running, Patience.Limit, CancellationToken.None);
        Assert.Equal(ServiceState.Stopped, (await stopped.StatusAsync()).State);
    }

    [Fact]
    public async Task Whoever_is_not_well_serves_on_until_its_turn_and_is_left_alone_if_it_is_well_by_then()
    {
        Write("at_once: 1\n");
        var slow = Make("slow", "while [ -e wait ]; do sleep 0.05; done");
        await slow.MustAsync(ServiceAction.Start);
        RuledService[] sick = [Sick("one"), Sick("two")];
        foreach (var service in sick)
            await service.MustAsync(ServiceAction.Start);
        var before = await Task.WhenAll(sick.Select(async service => (await service.StatusAsync()).Pid));
        await File.WriteAllTextAsync(Path.Combine(slow.Folder, "wait"), "");
        Process.GetProcessById((await slow.StatusAsync()).Pid!.Value).Kill();
        await _home.Client.Services.WaitAsync("slow", ServiceState.Restarting, Patience.Limit, CancellationToken.None);

        foreach (var service in sick)
        {
            service.Write("sick", "");
            await Condition.HoldsAsync(
                async () => (await service.StatusAsync()).Problem?.Contains("waits for its turn", StringComparison.Ordinal) == true,
                $"{service.Name} waits");
        }

        Assert.All(await Task.WhenAll(sick.Select(async service => (await service.StatusAsync()).State)), state =>
            Assert.Equal(ServiceState.Running, state));
        File.Delete(Path.Combine(sick[1].Folder, "sick"));
        await Condition.HoldsAsync(async () => (await sick[1].StatusAsync()).Health is { Good: true }, "it is well again");
        File.Delete(Path.Combine(slow.Folder, "wait"));
        File.Delete(Path.Combine(sick[0].Folder, "sick"));
        await Condition.HoldsAsync(
            async () => (await RuledService.FailuresAsync(_home, "two")).Any(failure => failure.Event == PyServiceFailureEvent.Recovered),
            "it is left alone");
        Assert.Equal(before[1], (await sick[1].StatusAsync()).Pid);
        Assert.Null((await sick[1].StatusAsync()).Problem);
    }

    private RuledService Sick(string name) => new(_home, name, "- {match: {health: failing}, do: restart, retry: {delay: 1ms}}",
        "health: {http: /health, interval: 50ms, failures: 2}");

    private LocalService Make(string name, string script) => new(_home, name,
        "service: {runner: command, command: [./run.sh], ready: {log: ready, timeout: 10m}, restart: {delay: 1ms}}",
        ("run.sh", $"#!/bin/sh\n{script}\necho ready\nexec sleep 1000\n"));

    private void Write(string text)
    {
        Directory.CreateDirectory(_home.Paths.Home, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllText(Path.Combine(_home.Paths.Home, "on_failure.yaml"), text);
    }
}
