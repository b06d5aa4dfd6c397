using System.Net.Sockets;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Runners;

/// <summary>Flask under real gunicorn.</summary>
public sealed class GunicornTests : IAsyncDisposable
{
    /// <summary>One worker loads it at once, the others wait.</summary>
    private const string UnequalVersion = """
        VERSION = 'two'
        try:
            os.close(os.open('first', os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            while os.path.exists('hold'):
                time.sleep(0.01)
        """;

    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task It_is_shown_with_its_workers_and_its_pid_file_and_stops_for_good()
    {
        var service = Service("shown", "instances: 3", "pid_file: tmp/web.pid");
        var started = await service.MustAsync(ServiceAction.Start);

        // gunicorn forks its workers one after the other, and the first may answer before the last is there.
        await service.WithProcessesAsync(4);
        Assert.Equal($"{started.After!.Pid}\n", File.ReadAllText(Path.Combine(service.Folder, "tmp", "web.pid")));
        await service.MustAsync(ServiceAction.Stop);

        Assert.False((await service.StatusAsync()).Listening);
        Assert.False(File.Exists(Path.Combine(service.Folder, "tmp", "web.pid")));
    }

    [Theory]
    [InlineData("listen: ['127.0.0.1:PORT', ./s.sock]", "")]
    [InlineData("", "bind = ['127.0.0.1:PORT',\n        'unix:s.sock']\n")]
    public async Task Restarts_lose_nothing_on_several_addresses(string listen, string file)
    {
        var service = new LocalService(
            _home, "several", $"service: {{runner: gunicorn, app: 'app:app', instances: 2{(file.Length == 0 ? $", {listen}" : "")}}}",
            ("app.py", RunnerSamples.One), ("gunicorn.conf.py", file));
        File.WriteAllText(Path.Combine(service.Folder, "gunicorn.conf.py"),
            file.Replace("PORT", $"{service.Port}", StringComparison.Ordinal));
        await service.MustAsync(ServiceAction.Start);
        var unix = new UnixDomainSocketEndPoint(Path.Combine(service.Folder, "s.sock"));
        Assert.Equal([$"127.0.0.1:{service.Port}", unix.ToString()], (await service.StatusAsync()).Addresses);
        Load[] loads =
        [
            new(service.Port, clients: 2),
            new(async limit => Assert.EndsWith("one", await Spoken.AskAsync("http", unix, limit), StringComparison.Ordinal), clients: 2),
        ];

        foreach (var action in (ServiceAction[])[ServiceAction.Restart, ServiceAction.HotRestart, ServiceAction.Restart,
            ServiceAction.HotRestart])
        {
            foreach (var load in loads)
                await load.ReachAsync(load.Succeeded + 30);
            Assert.DoesNotContain("one generation after the other", (await service.MustAsync(action)).Message, StringComparison.Ordinal);
        }

        foreach (var load in loads)
        {
            await load.ReachAsync(load.Succeeded + 30);
            await load.DisposeAsync();
            Assert.True(load.Failed == 0, $"{load.Failed} of {load.Succeeded + load.Failed} requests failed: {load.FirstFailure}");
        }

        await service.MustAsync(ServiceAction.Stop);
        Assert.False((await service.StatusAsync()).Listening);
        Assert.Empty(Directory.GetFiles(service.Folder, "*s.sock*"));
    }

    [Fact]
    public async Task A_request_in_flight_is_finished_before_a_stop()
    {
        var service = Service("polite");
        await service.MustAsync(ServiceAction.Start);

        var slow = await service.BeginAsync("/slow/1.0");
        await service.MustAsync(ServiceAction.Stop);

        Assert.Equal("done", await slow);
    }

    [Fact]
    public async Task A_restart_waits_until_all_workers_have_loaded_the_application()
    {
        var service = new LocalService(_home, "unequal", """
            service: {runner: gunicorn, app: "app:app", instances: 2, listen: "127.0.0.1:PORT", ready: {http: /ping}}
            """, ("app.py", FlaskService.App), ("gunicorn.conf.py", "def post_worker_init(worker):\n    open('mine', 'a').write('x')\n"));
        await service.MustAsync(ServiceAction.Start);
        Assert.Equal("xx", File.ReadAllText(Path.Combine(service.Folder, "mine")));
        service.Replace("app.py", "VERSION = 'one'", UnequalVersion);
        File.WriteAllText(Path.Combine(service.Folder, "hold"), "");

        var restart = service.MustAsync(ServiceAction.Restart);
        await Condition.HoldsAsync(() => File.Exists(Path.Combine(service.Folder, "first")), "one of the new workers has loaded");
        await Task.Delay(1500);
        Assert.Equal("one", await service.GetAsync("/version"));
        Assert.False(restart.IsCompleted);
        File.Delete(Path.Combine(service.Folder, "hold"));
        await restart;

        Assert.Equal("two", await service.GetAsync("/version"));
    }

    [Fact]
    public async Task A_restart_that_some_workers_do_not_live_to_see_says_how_many_did()
    {
        var service = new LocalService(_home, "half", """
            service: {runner: gunicorn, app: "app:app", instances: 2, listen: "127.0.0.1:PORT", ready: {timeout: 5s}}
            """, ("app.py", FlaskService.App));
        await service.MustAsync(ServiceAction.Start);
        service.Replace("app.py", "VERSION = 'one'", UnequalVersion);
        File.WriteAllText(Path.Combine(service.Folder, "hold"), "");

        var result = await service.OrderAsync(ServiceAction.Restart);

        Assert.Equal(ErrorCode.NotReady, result.Error?.Code);
        Assert.Contains("1 of 2 workers have loaded the application", result.Message, StringComparison.Ordinal);
        Assert.Equal("one", await service.GetAsync("/version"));
    }

    [Fact]
    public async Task Broken_code_is_refused_by_a_hot_restart_and_the_workers_go_on()
    {
        var service = Service("guarded");
        await service.MustAsync(ServiceAction.Start);
        service.Replace("app.py", "VERSION = 'one'", "raise RuntimeError('half-written')");

        var result = await service.OrderAsync(ServiceAction.HotRestart);

        Assert.Equal(ErrorCode.ImportFailed, result.Error?.Code);
        Assert.Contains("RuntimeError: half-written", result.Error!.LogLines);
        Assert.Equal("one", await service.GetAsync("/version"));
    }

    [Fact]
    public async Task Preloaded_code_can_not_be_reloaded_and_that_is_said()
    {
        var service = new LocalService(_home, "preloaded", """
            service: {runner: gunicorn, app: "app:app", listen: "127.0.0.1:PORT", command: [gunicorn, --config, conf.py]}
            """, ("app.py", FlaskService.App), ("conf.py", "preload_app = True\n"));
        await service.MustAsync(ServiceAction.Start);
        service.Replace("app.py", "VERSION = 'one'", "VERSION = 'two'");
        await using var load = new Load(service.Port, clients: 2);

        var refusal = service.OrderAsync(ServiceAction.HotRestart);
        var answers = new HashSet<string>();
        while (!refusal.IsCompleted)
            answers.Add(await service.GetAsync("/version"));

        var result = await refusal;
        Assert.Equal(ErrorCode.InvalidState, result.Error?.Code);
        Assert.Contains("preload_app", result.Message, StringComparison.Ordinal);
        await load.ReachAsync(load.Succeeded + 100);
        Assert.True(load.Failed == 0, load.FirstFailure);
        // The bridge that had been begun meanwhile has answered nobody, and nothing is left of it.
        Assert.Equal(["one"], answers);
        Assert.Equal("1", Path.GetFileName(Assert.Single(Directory.GetDirectories(_home.Paths.ServiceRun("preloaded")))));
    }

    [Fact]
    public async Task Broken_code_is_thrown_away_by_a_restart_and_the_old_generation_serves_on()
    {
        var service = Service("safe");
        var first = await service.MustAsync(ServiceAction.Start);
        await using var load = new Load(service.Port, clients: 2);
        await load.ReachAsync(100);
        service.Replace("app.py", "VERSION = 'one'", "import a_module_nobody_has");

        var result = await service.OrderAsync(ServiceAction.Restart);

        Assert.Equal(ErrorCode.ExitedEarly, result.Error?.Code);
        Assert.Contains("a_module_nobody_has", result.Error!.Advice, StringComparison.Ordinal);
        Assert.Equal(first.After!.Pid, result.After!.Pid);
        await load.ReachAsync(load.Succeeded + 200);
        Assert.True(load.Failed == 0, load.FirstFailure);
    }

    [Fact]
    public async Task On_a_unix_socket_restarts_overlap_too_and_the_file_stays()
    {
        var service = new LocalService(_home, "local", """
            service: {runner: gunicorn, app: "app:app", listen: "unix:web.sock"}
            """, ("app.py", FlaskService.App));
        await service.MustAsync(ServiceAction.Start);
        service.Replace("app.py", "VERSION = 'one'", "VERSION = 'two'");

        await service.MustAsync(ServiceAction.Restart);

        Assert.Equal("two", await service.GetFromUnixAsync("web.sock", "/version"));
    }

    [Theory]
    [InlineData("app: 'app:nothing'", ErrorCode.ExitedEarly, "service.app")]
    [InlineData("app: 'app:app', command: [gunicorn, --no-such-option]", ErrorCode.ExitedEarly, "service.command")]
    [InlineData("app: 'app:app', command: [gunicorn, --bind, ':1']", ErrorCode.ConfigInvalid, "service.listen")]
    [InlineData("app: 'app:app', environment: {PATH: /nowhere}", null, "")]
    public async Task What_is_in_the_way_is_told(string words, ErrorCode? code, string remedy)
    {
        var service = new LocalService(_home, "wrong", $$"""
            service: {runner: gunicorn, listen: "127.0.0.1:PORT", {{words}} }
            """, ("app.py", FlaskService.App));

        var result = await service.OrderAsync(ServiceAction.Start);

        Assert.Equal(code, result.Error?.Code);
        Assert.Contains(remedy, result.Error?.Advice ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_virtualenv_without_gunicorn_is_told_with_the_remedy()
    {
        var service = new LocalService(_home, "bare", """
            env_directory: venv
            service: {runner: gunicorn, app: "app:app", listen: "127.0.0.1:PORT"}
            """, ("app.py", FlaskService.App), ("venv/bin/python", "#!/bin/sh\nexec /usr/bin/python3 -S \"$@\"\n"));

        var result = await service.OrderAsync(ServiceAction.Start);

        Assert.Equal(ErrorCode.RunnerMissing, result.Error?.Code);
        Assert.Contains("-m pip install gunicorn", result.Error!.Advice, StringComparison.Ordinal);
    }

    private LocalService Service(string name, string words = "instances: 2", string more = "") => new(_home, name, $$"""
        service: {runner: gunicorn, app: "app:app", listen: "127.0.0.1:PORT", {{words}} }
        {{more}}
        """, ("app.py", FlaskService.App));
}
