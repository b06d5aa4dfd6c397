using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Failures;

/// <summary>What went wrong with others, each as a test named after it.</summary>
public sealed class LessonTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    /// <summary>pm2#5601: a rule for exit code 0 never worked, while one for any other code did.</summary>
    [Fact]
    public async Task Pm2_5601_a_rule_for_exit_code_0_works_as_one_for_any_other()
    {
        foreach (var code in new[] { 0, 42 })
        {
            var service = Make($"done{code}", $"- {{match: {{exit: [{code}, 12]}}, do: finish}}", "restart: {when: always, delay: 10ms}");
            await service.MustAsync(ServiceAction.Start);

            service.Write("end", $"{code}");
            await _home.Client.Services.WaitAsync(service.Name, ServiceState.Stopped, Patience.Limit, CancellationToken.None);

            var status = await service.StatusAsync();
            Assert.Equal((1, 0), (status.Generation, status.Restarts));
            Assert.Null(status.Problem);
        }
    }

    /// <summary>supervisor#405: a bad end without a restart was EXITED, as a good one is, and listeners for FATAL heard nothing.</summary>
    [Fact]
    public async Task Supervisor405_a_bad_end_without_a_restart_is_a_failure_that_listeners_hear_of_and_a_good_one_is_not()
    {
        var bad = Make("bad", "- {match: {exit: 255}, do: record, run: [touch, heard]}", "restart: {when: never}");
        var good = Make("good", "- {match: {exit: 255}, do: record, run: [touch, heard]}", "restart: {when: never}");
        await bad.MustAsync(ServiceAction.Start);
        await good.MustAsync(ServiceAction.Start);

        bad.Write("end", "255");
        good.Write("end", "0");
        await _home.Client.Services.WaitAsync("bad", ServiceState.Failed, Patience.Limit, CancellationToken.None);
        await _home.Client.Services.WaitAsync("good", ServiceState.Stopped, Patience.Limit, CancellationToken.None);

        await bad.HasPrintedAsync("heard");
        Assert.Contains(await EventsAsync("bad"), happened => happened is { Kind: ServiceEventKind.Crashed, Exit.Code: 255 });
        Assert.DoesNotContain(await EventsAsync("good"), happened => happened.Kind == ServiceEventKind.Crashed);
        Assert.False(File.Exists(Path.Combine(good.Folder, "heard")));
    }

    /// <summary>systemd#8398, #33710: OnFailure= could not tell each failure from the last one.</summary>
    [Fact]
    public async Task Systemd8398_each_failure_and_that_it_was_given_up_are_two_events()
    {
        var service = Make("twice", """
            - match: {exit: 7}
              do: restart
              retry: {delay: 1ms, factor: 1, give_up: 3 in 10m}
              run: [sh, -c, "echo $SERVICECTL_EVENT >>each"]
            - {match: {event: given_up}, run: [sh, -c, "echo $SERVICECTL_EVENT >>last"]}
            """);
        await service.MustAsync(ServiceAction.Start);
        service.Write("start", "7");

        service.Write("end", "7");
        await _home.Client.Services.WaitAsync("twice", ServiceState.Failed, Patience.Limit, CancellationToken.None);

        await service.HasPrintedAsync("last");
        Assert.Equal(["given_up"], await File.ReadAllLinesAsync(Path.Combine(service.Folder, "last")));
        Assert.Equal(["failed", "failed", "failed"], await File.ReadAllLinesAsync(Path.Combine(service.Folder, "each")));
        Assert.Single(await EventsAsync("twice"), happened => happened.Kind == ServiceEventKind.GaveUp);
    }

    /// <summary>nomad#9431, #9176: whoever was unhealthy once was not looked at again, or ended for ever.</summary>
    [Fact]
    public async Task Nomad9431_a_sick_server_is_replaced_while_it_serves_and_again_when_the_next_one_is_sick()
    {
        var service = new LocalService(_home, "sick", """
            service:
              runner: gunicorn
              app: app:app
              listen: 127.0.0.1:PORT
              ready: {http: /}
              health: {http: /health, interval: 100ms, failures: 2}
              on_failure: [{match: {health: failing}, do: replace_instance, code: SICK}]
            """, ("app.py", """
            import os
            def app(environ, start):
                sick = environ['PATH_INFO'] == '/health' and os.path.exists('sick')
                start('500 SICK' if sick else '200 OK', [])
                return [b'well']
            """));
        await service.MustAsync(ServiceAction.Start);
        var sick = Path.Combine(service.Folder, "sick");

        for (var time = 1; time <= 2; time++)
        {
            var pid = (await service.StatusAsync()).Pid;
            await File.WriteAllTextAsync(sick, "");
            await Condition.HoldsAsync(async () =>
            {
                Assert.Equal("well", await service.GetAsync("/"));
                return await service.StatusAsync() is { State: ServiceState.Running } now && now.Pid != pid;
            }, "another one serves");
            File.Delete(sick);
            await Condition.HoldsAsync(async () => await service.StatusAsync() is { Health.Good: true }, "it is healthy");
        }

        Assert.All(await RuledService.FailuresAsync(_home, "sick"), failure => Assert.Equal("SICK", failure.Code));
    }

    [Fact]
    public async Task Code_is_loaded_again_for_an_exception_that_real_uWSGI_writes_into_a_file_of_its_own()
    {
        var app = FlaskService.App + """

            @app.route('/stale')
            def stale():
                raise KeyError('stale')
            """.ReplaceLineEndings("\n");
        var service = new FlaskService(_home, "hot", "logto: log/uwsgi.log\nlazy-apps: true", """
            service:
              ready: {http: /ping}
              on_failure: [{match: {exception: KeyError}, do: hot_restart, code: STALE}]
            """, app);
        await service.MustAsync(ServiceAction.Start);
        var pid = (await service.StatusAsync()).Pid;
        // Of another length: Python takes a file of the same second and length for the one that it has compiled.
        service.Replace("app.py", "VERSION = 'one'", "VERSION = 'second'");

        await Assert.ThrowsAsync<HttpRequestException>(() => service.GetAsync("/stale"));

        await Condition.HoldsAsync(async () => await service.GetAsync("/version") == "second", "the new code serves");
        Assert.Equal(pid, (await service.StatusAsync()).Pid);
        var failure = Assert.Single(
            await RuledService.FailuresAsync(_home, "hot"), failure => failure.Event == PyServiceFailureEvent.Failed);
        Assert.Equal(("STALE", "hot_restart"), (failure.Code, failure.Action));
    }

    private RuledService Make(string name, string rules, string more = "") => new(_home, name, rules, more);

    private async Task<IReadOnlyList<ServiceEvent>> EventsAsync(string service) =>
        await _home.Client.Events.ReadAsync(new EventRequest { Services = [service] }, CancellationToken.None).ToListAsync();
}
