using System.Text.Json;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Failures;

/// <summary>Programs that rules run, on their bad days.</summary>
public sealed class HookTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    /// <summary>systemd#8022, #22370: handlers did not get to know what had happened, and events were lost while one ran.</summary>
    [Fact]
    public async Task Systemd22370_a_hook_knows_what_happened_and_none_is_lost_while_another_runs()
    {
        var service = Make("told", """
            - {match: {exit: 7}, do: restart, code: SEVEN, retry: {delay: 1ms, factor: 1, give_up: 4 in 10m}, run: [./hook.sh]}
            - {name: page, match: {event: given_up}, run: {command: [./hook.sh, page], timeout: 20s}}
            """, """
            cat >"got.$SERVICECTL_EVENT.$SERVICECTL_ATTEMPT.json"
            echo "$SERVICECTL_SERVICE $SERVICECTL_RULE $SERVICECTL_EXIT $SERVICECTL_CODE $1" >>lines
            sleep 0.3
            """);
        await service.MustAsync(ServiceAction.Start);
        service.Write("start", "7");

        service.Write("end", "7");
        await _home.Client.Services.WaitAsync("told", ServiceState.Failed, Patience.Limit, CancellationToken.None);

        await service.HasPrintedAsync("got.given_up.4.json");
        var lines = Path.Combine(service.Folder, "lines");
        await Condition.HoldsAsync(() => File.ReadAllLines(lines).Length == 5, "all of them were run");
        var printed = await File.ReadAllLinesAsync(lines);
        Assert.Equal([.. Enumerable.Repeat("told #1 7 SEVEN ", 4), "told page 7  page"], printed);
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(service.Folder, "got.failed.1.json")));
        Assert.Equal(("told", 7, "Failed"), (json.RootElement.GetProperty("service").GetString(),
            json.RootElement.GetProperty("exitCode").GetInt32(), json.RootElement.GetProperty("event").GetString()));
    }

    [Fact]
    public async Task One_that_hangs_forks_and_prints_without_end_is_ended_and_the_next_one_is_run()
    {
        var service = Make("bad", """
            - {match: {exit: 7}, do: restart, retry: {delay: 1ms}, run: {command: [./hook.sh], timeout: 500ms}}
            - {match: {exit: 8}, do: stop, run: [touch, eight]}
            """, "setsid sleep 983 &\nyes 0123456789 | head -c 30000000\ntrap '' TERM\nwhile :; do sleep 0.1; done",
            "logs: {max_size: 1MB, keep: 1}");
        await service.MustAsync(ServiceAction.Start);
        var pid = (await service.StatusAsync()).Pid;

        service.Write("end", "7");
        await service.IsBackAsync(pid);
        service.Write("end", "8");

        await service.HasPrintedAsync("eight");
        await Condition.HoldsAsync(async () => (await WarningsAsync("bad")).Any(text =>
            text.Contains("did not finish within 0.5 s and was ended", StringComparison.Ordinal)), "it is told");
        await _home.RunsOnceAsync("bad", 0);
        var logs = new DirectoryInfo(_home.Paths.ServiceLogs("bad")).EnumerateFiles("hooks*").Sum(file => file.Length);
        Assert.InRange(logs, 1, 4_000_000);
    }

    [Fact]
    public async Task One_that_is_not_there_is_told_and_changes_nothing()
    {
        var service = Make("lost", "- {match: {exit: 7}, do: restart, retry: {delay: 1ms}, run: [/no/such/program]}", "true");
        await service.MustAsync(ServiceAction.Start);
        var pid = (await service.StatusAsync()).Pid;

        service.Write("end", "7");

        await service.IsBackAsync(pid);
        await Condition.HoldsAsync(async () => (await WarningsAsync("lost")).Any(text =>
            text.Contains("/no/such/program", StringComparison.Ordinal)), "it is told");
    }

    [Fact]
    public async Task One_that_a_killed_agent_leaves_behind_is_ended_told_and_not_run_again_and_what_waited_behind_it_is()
    {
        var service = Make("left", """
            - {match: {exit: 7}, do: restart, retry: {delay: 1ms}, run: [./hook.sh]}
            - {match: {exit: 6}, do: restart, retry: {delay: 1ms}, run: [./six.sh, six]}
            - {match: {exit: 8}, do: restart, retry: {delay: 1ms}, run: [touch, eight]}
            """, "echo begun >>begun\nsetsid sleep 982 &\nexec sleep 981");
        await service.MustAsync(ServiceAction.Start);
        var pid = (await service.StatusAsync()).Pid;
        service.Write("end", "7");
        await service.IsBackAsync(pid);
        await service.HasPrintedAsync("begun");
        await Condition.HoldsAsync(() => _home.ProcessesOf("left").Count == 3, "the program and its child run");
        var six = Path.Combine(service.Folder, "six.sh");
        await File.WriteAllTextAsync(six, "#!/bin/sh\nprintenv SERVICECTL_EXIT >>\"$1\"\n");
        File.SetUnixFileMode(six, (UnixFileMode)0b111_101_101);
        pid = (await service.StatusAsync()).Pid;
        service.Write("end", "6");
        await service.IsBackAsync(pid);
        pid = (await service.StatusAsync()).Pid;

        await _home.KillAgentAsync();
        await _home.Client.Agent.StartAsync(default);

        await Condition.HoldsAsync(async () => (await WarningsAsync("left")).Any(text =>
            text.Contains("was interrupted: the agent ended while it ran", StringComparison.Ordinal)), "it is told");
        await _home.RunsOnceAsync("left", 1);
        Assert.Equal(pid, (await service.StatusAsync()).Pid);
        service.Write("end", "8");
        await service.HasPrintedAsync("eight");
        Assert.Single(await File.ReadAllLinesAsync(Path.Combine(service.Folder, "begun")));
        Assert.Equal(["6"], await File.ReadAllLinesAsync(Path.Combine(service.Folder, "six")));
        await Condition.HoldsAsync(() => !File.Exists(_home.Paths.ServiceHookQueue("left")), "nothing is left to run");
    }

    private RuledService Make(string name, string rules, string hook, string more = "")
    {
        var service = new RuledService(_home, name, rules, more);
        var path = Path.Combine(service.Folder, "hook.sh");
        File.WriteAllText(path, $"#!/bin/sh\n{hook}\n");
        File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        return service;
    }

    private async Task<IReadOnlyList<string>> WarningsAsync(string service)
    {
        var found = new List<string>();
        await foreach (var happened in _home.Client.Events.ReadAsync(new EventRequest { Services = [service] }, CancellationToken.None))
        {
            if (happened.Kind == ServiceEventKind.Warning)
                found.Add(happened.Message);
        }

        return found;
    }
}
