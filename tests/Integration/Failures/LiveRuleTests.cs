using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Failures;

/// <summary>Rules about a service that lives: what it prints, and what happens to those that it requires.</summary>
public sealed class LiveRuleTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task An_exception_that_comes_too_often_has_the_service_started_again_and_others_are_none_of_the_rules()
    {
        var service = Make("raises", """
            - {name: db, match: {exception: "sqlalchemy.exc.*", rate: 3 in 10m}, do: restart, retry: {delay: 10ms}}
            - {match: {}, do: stop}
            """);
        await service.MustAsync(ServiceAction.Start);
        var pid = (await service.StatusAsync()).Pid;

        await SayAsync(service, RuledService.Traceback("ValueError"));
        await SayAsync(service, RuledService.Traceback("sqlalchemy.exc.OperationalError"));
        await SayAsync(service, RuledService.Traceback("sqlalchemy.exc.OperationalError"));
        Assert.Equal(pid, (await service.StatusAsync()).Pid);
        await SayAsync(service, RuledService.Traceback("sqlalchemy.exc.TimeoutError"));
        await service.IsBackAsync(pid);

        var failed = (await RuledService.FailuresAsync(_home, "raises"))[0];
        Assert.Equal(("db", "restart"), (failed.Rule, failed.Action));
        Assert.StartsWith("sqlalchemy.exc.", failed.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_is_recorded_and_replaces_the_process_while_clients_are_served()
    {
        var service = Make("lines", """
            - {match: {log: "^slow query"}, do: record, code: SLOW, notify: info}
            - {match: {log: "Too many open files"}, do: replace_instance}
            """);
        await service.MustAsync(ServiceAction.Start);
        var pid = (await service.StatusAsync()).Pid;

        await SayAsync(service, "slow query: 7 s");
        await Condition.HoldsAsync(async () => (await RuledService.FailuresAsync(_home, "lines")).Count == 1, "it is written down");
        var noted = (await RuledService.FailuresAsync(_home, "lines"))[0];
        Assert.Equal(("SLOW", "info", "it printed slow query: 7 s"), (noted.Code, noted.Notify, noted.Cause));
        Assert.Equal(pid, (await service.StatusAsync()).Pid);

        await SayAsync(service, "OSError: [Errno 24] Too many open files");
        await Condition.HoldsAsync(async () =>
        {
            Assert.Equal("well", await service.GetAsync("/"));
            return await service.StatusAsync() is { State: ServiceState.Running } now && now.Pid != pid;
        }, "another one serves");
    }

    [Fact]
    public async Task Several_exceptions_at_once_are_one_order()
    {
        var service = Make("many", """- {match: {exception: "*"}, do: replace_instance}""");
        await service.MustAsync(ServiceAction.Start);
        var pid = (await service.StatusAsync()).Pid;

        await SayAsync(service, string.Join('\n',
            RuledService.Traceback("KeyError"), RuledService.Traceback("TypeError"), RuledService.Traceback("ValueError")));
        await service.IsBackAsync(pid);

        var failed = Assert.Single(await RuledService.FailuresAsync(_home, "many"));
        Assert.Equal("replace_instance", failed.Action);
    }

    [Fact]
    public async Task That_a_service_that_serves_is_given_up_is_told_once()
    {
        var service = Make("tired", """
            - {match: {exception: "*"}, do: replace_instance, retry: {give_up: 1 in 10m}}
            """);
        await service.MustAsync(ServiceAction.Start);
        var pid = (await service.StatusAsync()).Pid;

        await SayAsync(service, RuledService.Traceback("KeyError"));
        await SayAsync(service, RuledService.Traceback("TypeError"));

        var failed = Assert.Single(await RuledService.FailuresAsync(_home, "tired"));
        Assert.Equal((PyServiceFailureEvent.GivenUp, pid), (failed.Event, (await service.StatusAsync()).Pid));
    }

    [Fact]
    public async Task A_service_that_serves_is_stopped_where_the_rule_that_gave_it_up_names_one_that_says_so()
    {
        var service = Make("spent", """
            - {match: {log: "^stuck"}, do: replace_instance, retry: {give_up: 1 in 10m, then: last}}
            - {name: last, match: {exit: 99}, do: stop, code: LAST}
            """);
        await service.MustAsync(ServiceAction.Start);

        service.Write("say", "stuck");

        await _home.Client.Services.WaitAsync("spent", ServiceState.Failed, Patience.Limit, CancellationToken.None);
        var last = (await RuledService.FailuresAsync(_home, "spent"))[^1];
        Assert.Equal((PyServiceFailureEvent.GivenUp, "LAST"), (last.Event, last.Code));
    }

    [Fact]
    public async Task A_rule_that_matches_its_own_restart_comes_to_an_end()
    {
        var service = Make("storm", """
            - {match: {log: "^hello"}, do: restart, retry: {delay: 10ms, factor: 1, give_up: 3 in 10m}}
            """);
        service.Write("main.py", (await File.ReadAllTextAsync(Path.Combine(service.Folder, "main.py"))).Replace(
            "time.sleep(0.02)", "time.sleep(0.1)\n        print('hello', flush=True)", StringComparison.Ordinal));
        await service.MustAsync(ServiceAction.Start);

        await _home.Client.Services.WaitAsync("storm", ServiceState.Failed, Patience.Limit, CancellationToken.None);

        Assert.Equal(PyServiceFailureEvent.GivenUp, (await RuledService.FailuresAsync(_home, "storm"))[^1].Event);
    }

    [Fact]
    public async Task What_is_given_up_is_heard_by_what_requires_it_and_another_service_takes_its_place()
    {
        var spare = new LocalService(_home, "spare", """
            service: {runner: command, command: [sleep, '600'], ready: {delay: 10ms}}
            """);
        await spare.RegisterAsync();
        var database = Make("db", "- {match: {exit: 9}, do: {start: spare}, code: JUMP}");
        await database.MustAsync(ServiceAction.Start);
        var web = Make("web", "- {match: {dependency: d*}, do: stop, code: NODB}", "requires: [db]");
        await web.MustAsync(ServiceAction.Start);

        database.Write("end", "9");

        await _home.Client.Services.WaitAsync("web", ServiceState.Failed, Patience.Limit, CancellationToken.None);
        await _home.Client.Services.WaitAsync("spare", ServiceState.Running, Patience.Limit, CancellationToken.None);
        var status = await web.StatusAsync();
        Assert.Equal(("NODB", "db, which it requires, has failed"), (status.Failure?.Code, status.Failure?.Cause));
        var jumped = (await database.StatusAsync()).Failure;
        Assert.Equal(("JUMP", "start spare"), (jumped?.Code, jumped?.Action));
    }

    [Fact]
    public async Task Another_service_takes_its_place_also_where_one_failure_is_enough_to_give_up()
    {
        await new LocalService(_home, "spare", """
            service: {runner: command, command: [sleep, '600'], ready: {delay: 10ms}}
            """).RegisterAsync();
        var service = Make("once", "- {match: {exit: 9}, do: {start: spare}, code: JUMP}", "restart: {give_up: 1 in 10m}");
        await service.MustAsync(ServiceAction.Start);

        service.Write("end", "9");

        await _home.Client.Services.WaitAsync("once", ServiceState.Failed, Patience.Limit, CancellationToken.None);
        await _home.Client.Services.WaitAsync("spare", ServiceState.Running, Patience.Limit, CancellationToken.None);
        Assert.Equal("start spare", (await service.StatusAsync()).Failure?.Action);
    }

    [Fact]
    public async Task A_failure_is_passed_up_where_its_rule_says_so()
    {
        var database = Make("db", "- {match: {exit: 9}, do: restart, retry: {delay: 10ms}, pass: up}");
        await database.MustAsync(ServiceAction.Start);
        var web = Make("web", "- {match: {dependency: db}, do: record, code: HEARD}", "requires: [db]");
        await web.MustAsync(ServiceAction.Start);
        var pid = (await database.StatusAsync()).Pid;

        database.Write("end", "9");

        await database.IsBackAsync(pid);
        await Condition.HoldsAsync(
            async () => (await RuledService.FailuresAsync(_home, "web")).Any(failure => failure.Code == "HEARD"), "web hears of it");
        Assert.Equal(ServiceState.Running, (await web.StatusAsync()).State);
    }

    [Fact]
    public async Task A_bad_end_of_a_service_that_was_stopped_is_written_down()
    {
        var service = Make("rude", "- {match: {phase: stop, exit: 4}, do: record, code: RUDE}\n- {match: {exit: 4}, do: restart}");
        service.Write("term", "4");
        await service.MustAsync(ServiceAction.Start);

        await service.MustAsync(ServiceAction.Stop);

        var failure = Assert.Single(await RuledService.FailuresAsync(_home, "rude"));
        Assert.Equal(("RUDE", 4), (failure.Code, failure.ExitCode));
        Assert.Equal(ServiceState.Stopped, (await service.StatusAsync()).State);
    }

    [Fact]
    public async Task Code_is_loaded_again_for_a_line()
    {
        var service = new LocalService(_home, "hot", """
            service:
              runner: gunicorn
              app: app:app
              listen: 127.0.0.1:PORT
              ready: {http: /}
              on_failure: [{match: {log: "^stale"}, do: hot_restart}]
            """, ("app.py", """
            import os
            def app(environ, start):
                if environ['PATH_INFO'] == '/stale':
                    os.write(1, b'stale\n')
                start('200 OK', [])
                return [b'one']
            """));
        await service.MustAsync(ServiceAction.Start);
        var pid = (await service.StatusAsync()).Pid;
        // Of another length: Python takes a file of the same second and length for the one that it has compiled.
        await File.WriteAllTextAsync(Path.Combine(service.Folder, "app.py"),
            (await File.ReadAllTextAsync(Path.Combine(service.Folder, "app.py"))).Replace("b'one'", "b'second'", StringComparison.Ordinal));

        await service.GetAsync("/stale");

        await Condition.HoldsAsync(async () => await service.GetAsync("/") == "second", "the new code serves");
        Assert.Equal(pid, (await service.StatusAsync()).Pid);
    }

    [Fact]
    public async Task The_foreground_obeys_the_same_rules()
    {
        var service = Make("front", """
            - {match: {exit: 7}, do: restart, retry: {delay: 10ms}, run: [touch, seven]}
            - {match: {log: "^stuck"}, do: restart, retry: {delay: 10ms}}
            - {match: {exit: 3}, do: finish}
            """);
        using var process = _home.Start(service.Folder, "run", service.Folder);
        var said = 0;
        using var limit = Patience.Begin();
        while (await process.StandardError.ReadLineAsync(limit.Token) is { } line)
        {
            if (!line.Contains("front is ready", StringComparison.Ordinal))
                continue;
            service.Write(said == 1 ? "say" : "end", said switch { 0 => "7", 1 => "stuck", _ => "3" });
            said++;
        }

        await process.WaitForExitAsync(limit.Token);
        Assert.Equal((3, 0), (said, process.ExitCode));
        await service.HasPrintedAsync("seven");
    }

    [Fact]
    public async Task The_foreground_tells_rules_that_it_serves_again_and_that_it_was_given_up()
    {
        var service = Make("tries", """
            - {match: {exit: 7}, do: restart, retry: {delay: 10ms, factor: 1, give_up: 2 in 10m, then: page}}
            - {name: page, match: {event: given_up}, run: [touch, paged]}
            - {match: {event: recovered}, run: [touch, recovered]}
            """);
        using var process = _home.Start(service.Folder, "run", service.Folder);
        using var limit = Patience.Begin();
        while (await process.StandardError.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.Contains("tries is ready", StringComparison.Ordinal))
                service.Write("end", "7");
        }

        await process.WaitForExitAsync(limit.Token);
        Assert.NotEqual(0, process.ExitCode);
        Assert.True(File.Exists(Path.Combine(service.Folder, "recovered")), "It was told that it serves again.");
        Assert.True(File.Exists(Path.Combine(service.Folder, "paged")), "It was told that it was given up.");
    }

    private RuledService Make(string name, string rules, string more = "") => new(_home, name, rules, more);

    /// <summary>Prints something, and returns when it has been looked at.</summary>
    private static async Task SayAsync(RuledService service, string text)
    {
        service.Write("say", text);
        await Condition.HoldsAsync(() => !File.Exists(Path.Combine(service.Folder, "say")), "it is printed");
        await Task.Delay(TimeSpan.FromSeconds(1.5));
    }
}
