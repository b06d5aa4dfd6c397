using System.Diagnostics;
using System.Net;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Failures;

/// <summary>service.on_failure on real processes: each example of the guide, and what went wrong elsewhere.</summary>
public sealed class RuleTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task A_wrong_configuration_is_not_started_again_and_clients_hear_why()
    {
        var service = Make("wrong", """
            - name: bad-config
              match: {exit: [2, 78], phase: start}
              do: stop
              code: CFG-1
              respond: {status: 503, retry_after: 10m, body: "{code}: {service} is misconfigured"}
            """);
        service.Write("start", "78");

        var result = await service.OrderAsync(ServiceAction.Start);

        Assert.Equal(ErrorCode.ExitedEarly, result.Error?.Code);
        var status = await service.StatusAsync();
        Assert.Equal(ServiceState.Failed, status.State);
        Assert.Equal(("bad-config", "stop", "CFG-1", 78), (status.Failure?.Rule, status.Failure?.Action, status.Failure?.Code,
            status.Failure?.ExitCode));
        Assert.Contains("EX_CONFIG", status.Failure!.Cause, StringComparison.Ordinal);
        Assert.Contains("config.yaml:", status.Failure.Place, StringComparison.Ordinal);
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{service.Port}/"));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromMinutes(10)), (answer.StatusCode, answer.Headers.RetryAfter?.Delta));
        Assert.Equal("CFG-1: wrong is misconfigured", await answer.Content.ReadAsStringAsync());

        File.Delete(Path.Combine(service.Folder, "start"));
        await service.MustAsync(ServiceAction.Start);
        Assert.Equal("well", await service.GetAsync("/"));
    }

    [Fact]
    public async Task Supervisor260_an_expected_code_counts_before_the_service_is_ready_too()
    {
        var service = Make("early", "- {match: {exit: 3}, do: finish}");
        service.Write("start", "3");

        var result = await service.OrderAsync(ServiceAction.Start);

        Assert.True(result.Error is null, result.Error?.Message);
        Assert.Equal(ServiceState.Stopped, (await service.StatusAsync()).State);
    }

    [Fact]
    public async Task Pm2_5208_a_rule_for_an_exit_code_works()
    {
        var service = Make("done", "- {match: {exit: 3}, do: finish}", "restart: {delay: 10ms}");
        await service.MustAsync(ServiceAction.Start);

        service.Write("end", "3");
        await _home.Client.Services.WaitAsync("done", ServiceState.Stopped, Patience.Limit, CancellationToken.None);

        Assert.Null((await service.StatusAsync()).Problem);
        Assert.Empty(await FailuresAsync("done"));
    }

    [Fact]
    public async Task An_instance_that_has_done_its_work_before_it_is_ready_is_not_given_up()
    {
        var service = new LocalService(_home, "worked", """
            service:
              runner: command
              command: [./run.sh]
              instances: 2
              ready: {log: up}
              restart: {delay: 10ms}
              on_failure: [{match: {exit: 3}, do: finish}]
            """, ("run.sh", "#!/bin/sh\n[ \"$SERVICECTL_INSTANCE\" = 1 ] && [ -e done ] && exit 3\necho up\nexec sleep 1000\n"));
        await service.MustAsync(ServiceAction.Start);
        await File.WriteAllTextAsync(Path.Combine(service.Folder, "done"), "");

        Process.GetProcessById((await service.StatusAsync()).Workers[1].Pid).Kill();
        await Condition.HoldsAsync(
            async () => await service.StatusAsync() is { Restarts: 1, Workers.Count: 1, Problem: null }, "it has finished");

        Assert.Equal(ServiceState.Running, (await service.StatusAsync()).State);
        Assert.Equal(PyServiceFailureEvent.Failed, Assert.Single(await FailuresAsync("worked")).Event);
    }

    /// <summary>pm2#718, #2584: a limit of starts was never reached, as nothing counted them.</summary>
    [Fact]
    public async Task Pm2_718_a_limit_of_starts_counts_and_giving_up_is_an_event_of_its_own()
    {
        var service = Make("limited", """
            - {match: {exit: 7}, do: restart, retry: {delay: 10ms, factor: 1, give_up: 3 in 10m, then: page}}
            - {name: page, match: {event: given_up}, code: PAGE, text: "{service} needs somebody ({cause})"}
            """);
        await service.MustAsync(ServiceAction.Start);
        service.Write("start", "7");

        service.Write("end", "7");
        await _home.Client.Services.WaitAsync("limited", ServiceState.Failed, Patience.Limit, CancellationToken.None);

        var failures = await FailuresAsync("limited");
        Assert.Equal(
            [PyServiceFailureEvent.Failed, PyServiceFailureEvent.Failed, PyServiceFailureEvent.Failed, PyServiceFailureEvent.GivenUp],
            failures.Select(failure => failure.Event));
        Assert.Equal([1, 2, 3], failures.SkipLast(1).Select(failure => failure.Attempt));
        Assert.Equal(("page", "PAGE"), (failures[^1].Rule, failures[^1].Code));
        Assert.StartsWith("limited needs somebody (exit code 7", failures[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Systemd43813_an_order_begins_the_count_again()
    {
        var service = Make("again", "- {match: {exit: 7}, do: restart, retry: {delay: 10ms, factor: 1, give_up: 3 in 10m}}");
        await service.MustAsync(ServiceAction.Start);
        for (var round = 0; round < 2; round++)
        {
            for (var end = 0; end < 2; end++)
            {
                var pid = (await service.StatusAsync()).Pid;
                service.Write("end", "7");
                await service.IsBackAsync(pid);
            }

            await service.MustAsync(ServiceAction.Restart);
        }

        var status = await service.StatusAsync();
        Assert.Equal((ServiceState.Running, null as PyServiceFailure), (status.State, status.Failure));
        Assert.Contains(await FailuresAsync("again"), failure => failure.Event == PyServiceFailureEvent.Recovered);
    }

    [Fact]
    public async Task A_signal_waits_as_its_rule_says_and_the_status_tells_when_the_next_start_is()
    {
        var service = Make("killed", "- {name: oops, match: {signal: KILL}, do: restart, retry: {delay: 10m, max_delay: 1h}}",
            "restart: {delay: 1ms}");
        await service.MustAsync(ServiceAction.Start);

        Process.GetProcessById((await service.StatusAsync()).Pid!.Value).Kill();
        await _home.Client.Services.WaitAsync("killed", ServiceState.Restarting, Patience.Limit, CancellationToken.None);

        var failure = (await service.StatusAsync()).Failure!;
        Assert.Equal(("oops", "restart", 1, "SIGKILL"), (failure.Rule, failure.Action, failure.Attempt, failure.Signal));
        Assert.InRange(failure.NextAt!.Value - failure.Time, TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(11));
        var page = await _home.RunAsync(_home.Folder("elsewhere"), "status", "killed");
        Assert.Contains("oops: restart, attempt 1 at", page.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await _home.RunAsync(_home.Folder("elsewhere"), "stop", "killed")).Code);
    }

    [Fact]
    public async Task Where_no_rule_is_about_it_service_restart_decides_as_before()
    {
        var service = Make("usual", "- {match: {exit: 9}, do: stop}", "restart: {delay: 10ms}");
        await service.MustAsync(ServiceAction.Start);
        var pid = (await service.StatusAsync()).Pid;

        service.Write("end", "5");
        await service.IsBackAsync(pid);

        var failed = (await FailuresAsync("usual"))[0];
        Assert.Equal((null, "restart", 5), (failed.Rule, failed.Action, failed.ExitCode));
    }

    [Fact]
    public async Task A_service_that_does_not_answer_is_left_alone_where_its_rule_says_so_and_asked_again()
    {
        var service = Make("sick", """
            - {match: {health: failing, rate: 2 in 10m}, do: stop, code: SICK}
            - {match: {health: failing}, do: ignore}
            """, "health: {http: /health, interval: 20ms, failures: 2}");
        await service.MustAsync(ServiceAction.Start);

        service.Write("sick", "");
        await _home.Client.Services.WaitAsync("sick", ServiceState.Failed, Patience.Limit, CancellationToken.None);

        Assert.Equal("SICK", (await service.StatusAsync()).Failure?.Code);
    }

    [Fact]
    public async Task What_would_be_done_is_told_and_not_done()
    {
        var service = Make("asked", """
            - {name: conf, match: {exit: 78, phase: start}, do: stop, code: CFG}
            - {match: {exit: [1, 78]}, do: restart, retry: {delay: 7s}}
            """);
        await service.MustAsync(ServiceAction.Start);

        var start = await _home.RunAsync(_home.Folder("elsewhere"), "failures", "test", "asked", "--exit", "78", "--starting");
        var running = await _home.RunAsync(_home.Folder("elsewhere"), "failures", "test", "asked", "--exit", "78");
        var policy = await _home.RunAsync(_home.Folder("elsewhere"), "failures", "policy", "asked");

        Assert.Contains("conf: stop [CFG]", start.Output, StringComparison.Ordinal);
        Assert.Contains("it comes before #2", start.Output, StringComparison.Ordinal);
        Assert.Contains("#2: restart in 7 s", running.Output, StringComparison.Ordinal);
        Assert.Contains("conf: exit 78; phase start: stop [CFG]", policy.Output, StringComparison.Ordinal);
        Assert.Contains("service.restart: each failure that no rule is about: restart", policy.Output, StringComparison.Ordinal);
        Assert.Contains($"({service.Config}:", policy.Output, StringComparison.Ordinal);
        Assert.Equal(ServiceState.Running, (await service.StatusAsync()).State);
        Assert.NotEqual(0, (await _home.RunAsync(_home.Folder("elsewhere"), "failures", "test", "asked")).Code);
    }

    private RuledService Make(string name, string rules, string more = "") => new(_home, name, rules, more);

    private Task<IReadOnlyList<PyServiceFailure>> FailuresAsync(string name) => RuledService.FailuresAsync(_home, name);
}
