using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Failures;

/// <summary>on_failure.yaml of the host: rules for all its services, behind their own.</summary>
public sealed class HostRuleTests : IAsyncDisposable
{
    private const string Broken = "on_failure:\n  - {match: {exit: 7}, do: stopp}\n";

    private readonly Home _home = new();

    private string RuleFile => Path.Combine(_home.Paths.Home, "on_failure.yaml");

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task Rules_of_the_host_come_after_those_of_the_service_and_count_as_soon_as_they_are_written()
    {
        Write("on_failure:\n  - {match: {exit: [7, 8]}, do: stop, code: HOST}\n");
        var service = Make("two", "- {match: {exit: 7}, do: restart, retry: {delay: 10ms}, code: OWN}", "restart: {delay: 10ms}");
        await service.MustAsync(ServiceAction.Start);
        var pid = (await service.StatusAsync()).Pid;

        service.Write("end", "7");
        await service.IsBackAsync(pid);
        Assert.Equal("OWN", (await RuledService.FailuresAsync(_home, "two"))[0].Code);

        Write("on_failure:\n  - {name: late, match: {exit: 8}, do: stop, code: LATE}\n");
        service.Write("end", "8");
        await _home.Client.Services.WaitAsync("two", ServiceState.Failed, Patience.Limit, CancellationToken.None);
        var failure = (await service.StatusAsync()).Failure!;
        Assert.Equal(("late", "LATE", $"{RuleFile}:2:5"), (failure.Rule, failure.Code, failure.Place));

        File.Delete(RuleFile);
        await service.MustAsync(ServiceAction.Start);
        pid = (await service.StatusAsync()).Pid;
        service.Write("end", "8");
        await service.IsBackAsync(pid);
    }

    [Fact]
    public async Task A_rule_of_the_host_about_lines_watches_services_that_run_already()
    {
        var service = Make("chatty", "- {match: {exit: 9}, do: stop}");
        await service.MustAsync(ServiceAction.Start);

        Write("on_failure:\n  - {match: {log: '^slow query'}, do: record, code: SLOW}\n");
        await Condition.HoldsAsync(async () =>
        {
            service.Write("say", "slow query: 7 s");
            await Task.Delay(TimeSpan.FromMilliseconds(300));
            return (await RuledService.FailuresAsync(_home, "chatty")).Any(failure => failure.Code == "SLOW");
        }, "the line is recorded");

        Assert.Equal(ServiceState.Running, (await service.StatusAsync()).State);
    }

    [Fact]
    public async Task A_broken_file_loses_nothing_not_even_for_the_next_agent_and_shows_everywhere()
    {
        Write("on_failure:\n  - {name: kept, match: {exit: 7}, do: stop, code: KEPT}\n");
        var service = Make("holds", "- {match: {exit: 9}, do: stop}");
        await service.MustAsync(ServiceAction.Start);

        Write(Broken);
        await Condition.HoldsAsync(
            async () => (await _home.Client.Agent.FindAsync(CancellationToken.None))!.Warnings.Count == 1, "the agent knows");
        await _home.KillAgentAsync();
        var here = _home.Folder("elsewhere");
        var policy = await _home.RunAsync(here, "failures", "policy", "holds");
        var test = await _home.RunAsync(here, "failures", "test", "holds", "--exit", "7");
        var check = await _home.RunAsync(here, "config", "check", RuleFile);

        Assert.Contains("2. host, kept: exit 7: stop [KEPT]", policy.Output, StringComparison.Ordinal);
        Assert.Contains($"({RuleFile}:2:5)", policy.Output, StringComparison.Ordinal);
        Assert.Contains($"{RuleFile}:2:", policy.Error, StringComparison.Ordinal);
        Assert.Contains("stopp", policy.Error, StringComparison.Ordinal);
        Assert.Contains("kept: stop [KEPT]", test.Output, StringComparison.Ordinal);
        Assert.NotEqual(0, policy.Code);
        Assert.Contains("invalid (1 error)", check.Output, StringComparison.Ordinal);
        Assert.Contains("Did you mean `stop`?", check.Output, StringComparison.Ordinal);
        Assert.NotEqual(0, check.Code);

        await service.StatusAsync();
        Assert.Equal(0, (await _home.RunAsync(here, "agent", "start")).Code);
        service.Write("end", "7");
        await _home.Client.Services.WaitAsync("holds", ServiceState.Failed, Patience.Limit, CancellationToken.None);
        Assert.Equal("KEPT", (await service.StatusAsync()).Failure?.Code);
        var told = await _home.RunAsync(here, "events", "holds", "--kind", "warning");
        Assert.Single(told.Output.Split('\n'), line => line.Contains($"{RuleFile}:2:", StringComparison.Ordinal));
        await service.MustAsync(ServiceAction.Start);
        Assert.Contains($"{RuleFile}:2:", (await service.StatusAsync()).Problem, StringComparison.Ordinal);
        Assert.Contains("warning: ", (await _home.RunAsync(here, "agent", "status")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_then_names_is_a_rule_of_the_same_file()
    {
        Write("""
            on_failure:
              - {match: {exit: 7}, do: restart, retry: {delay: 10ms, give_up: 2 in 10m, then: page}}
              - {name: page, match: {exit: 99}, do: record, code: HOST}
            """);
        var service = Make("names", "- {name: page, match: {exit: 98}, do: record, code: OWN}");
        await service.MustAsync(ServiceAction.Start);
        service.Write("start", "7");

        service.Write("end", "7");
        await _home.Client.Services.WaitAsync("names", ServiceState.Failed, Patience.Limit, CancellationToken.None);

        var last = (await RuledService.FailuresAsync(_home, "names"))[^1];
        Assert.Equal((PyServiceFailureEvent.GivenUp, "HOST"), (last.Event, last.Code));
    }

    [Fact]
    public async Task Root_follows_no_rules_that_others_can_change()
    {
        if (!Environment.IsPrivilegedProcess)
            Assert.Skip("Needs root.");
        Write("on_failure:\n  - {match: {exit: 7}, do: stop}\n");
        File.SetUnixFileMode(RuleFile, (UnixFileMode)0b110_110_110);
        var service = Make("open", "- {match: {exit: 9}, do: stop}", "restart: {delay: 10ms}");
        await service.MustAsync(ServiceAction.Start);
        var pid = (await service.StatusAsync()).Pid;

        service.Write("end", "7");
        await service.IsBackAsync(pid);

        var policy = await _home.RunAsync(_home.Folder("elsewhere"), "failures", "policy", "open");
        Assert.Contains("Others than root can change this file", policy.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_foreground_follows_the_rules_of_the_host()
    {
        Write("on_failure:\n  - {match: {exit: 7}, do: restart, retry: {delay: 10ms}, run: [touch, seven]}\n");
        var service = Make("front", "- {match: {exit: 3}, do: finish}");
        using var process = _home.Start(service.Folder, "run", service.Folder);
        var said = 0;
        using var limit = Patience.Begin();
        while (await process.StandardError.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.Contains("front is ready", StringComparison.Ordinal))
                service.Write("end", said++ == 0 ? "7" : "3");
        }

        await process.WaitForExitAsync(limit.Token);
        Assert.Equal((2, 0), (said, process.ExitCode));
        await service.HasPrintedAsync("seven");
    }

    private RuledService Make(string name, string rules, string more = "") => new(_home, name, rules, more);

    private void Write(string text)
    {
        Directory.CreateDirectory(_home.Paths.Home, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllText($"{RuleFile}.new", text);
        File.SetUnixFileMode($"{RuleFile}.new", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.Move($"{RuleFile}.new", RuleFile, overwrite: true);
    }
}
