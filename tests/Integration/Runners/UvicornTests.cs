using System.Diagnostics;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Runners;

/// <summary>FastAPI under real uvicorn.</summary>
public sealed class UvicornTests : IAsyncDisposable
{
    private const string Failing = """


        @app.on_event('startup')
        def begin():
            raise RuntimeError('no database')
        """;

    private const string Slow = """


        import os
        @app.on_event('startup')
        async def begin():
            while os.environ['SERVICECTL_INSTANCE'] == '1' and os.path.exists('hold'):
                await asyncio.sleep(0.01)
        """;

    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task The_new_generation_is_asked_itself_and_not_the_old_one_that_answers_on_the_address()
    {
        var service = Service("honest", "ready: {timeout: 3s}");
        var first = await service.MustAsync(ServiceAction.Start);
        service.Replace("app.py", "@app.get('/ping')", "@app.get('/pong')");

        var result = await service.OrderAsync(ServiceAction.Restart);

        Assert.Equal(ErrorCode.NotReady, result.Error?.Code);
        Assert.Contains("/ping answered 404", result.Message, StringComparison.Ordinal);
        Assert.Equal(first.After!.Pid, (await service.StatusAsync()).Pid);
        Assert.Equal("{\"pong\":true}", await service.GetAsync("/ping"));
    }

    [Fact]
    public async Task On_ipv6_a_generation_is_asked_itself_too()
    {
        var service = new LocalService(_home, "six", """
            service: {runner: uvicorn, app: "app:app", listen: "[::1]:PORT", ready: {timeout: 12s}}
            """, ("app.py", RunnerSamples.FastApi));
        await service.MustAsync(ServiceAction.Start);
        await service.MustAsync(ServiceAction.Restart);
        service.Replace("app.py", "@app.get('/ping')", "@app.get('/pong')");

        Assert.Equal(ErrorCode.NotReady, (await service.OrderAsync(ServiceAction.Restart)).Error?.Code);
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

    [Theory]
    [InlineData("instances: 2")]
    [InlineData("command: [uvicorn, --workers, 2]")]
    [InlineData("environment: {WEB_CONCURRENCY: 2}")]
    public async Task Workers_are_instances_that_are_looked_after(string words)
    {
        var service = Service("many", $"{words}, restart: {{delay: 100ms}}");
        await service.MustAsync(ServiceAction.Start);
        await service.MustAsync(ServiceAction.Restart);
        var before = await service.WithProcessesAsync(2);

        Process.GetProcessById(before.Workers[1].Pid).Kill();
        await Condition.HoldsAsync(async () => (await service.StatusAsync()).Restarts == 1, "the dead one was noticed");
        await Condition.HoldsAsync(
            async () => await LivingAsync(service) is [var first, var second] && first == before.Workers[0].Pid
                && second != before.Workers[1].Pid, "it was replaced");
        foreach (var pid in await LivingAsync(service))
            Process.GetProcessById(pid).Kill();
        await Condition.HoldsAsync(
            async () => (await LivingAsync(service)).Except(before.Workers.Select(worker => worker.Pid)).Count() == 2,
            "both were replaced");

        Assert.Equal("one", await service.GetAsync("/version"));
    }

    [Fact]
    public async Task A_startup_that_fails_is_told_at_once_with_its_traceback()
    {
        var service = new LocalService(_home, "doomed", """
            service: {runner: uvicorn, app: "app:app", listen: "127.0.0.1:PORT", instances: 2, ready: {timeout: 5m}}
            """, ("app.py", RunnerSamples.FastApi + Failing));

        var result = await service.OrderAsync(ServiceAction.Start);

        Assert.Equal(ErrorCode.ExitedEarly, result.Error?.Code);
        Assert.Contains("RuntimeError: no database", result.Error!.LogLines);
    }

    [Fact]
    public async Task A_restart_waits_until_all_have_come_to_the_end_of_their_startup()
    {
        var service = new LocalService(_home, "waiting", """
            service: {runner: uvicorn, app: "app:app", listen: "127.0.0.1:PORT", instances: 2, ready: {http: /ping}}
            """, ("app.py", RunnerSamples.FastApi + Slow));
        await service.MustAsync(ServiceAction.Start);
        service.Replace("app.py", "VERSION = 'one'", "VERSION = 'two'");
        File.WriteAllText(Path.Combine(service.Folder, "hold"), "");

        var restart = service.MustAsync(ServiceAction.Restart);
        await Task.Delay(3000);
        Assert.Equal("one", await service.GetAsync("/version"));
        File.Delete(Path.Combine(service.Folder, "hold"));
        await restart;

        Assert.Equal("two", await service.GetAsync("/version"));
    }

    [Fact]
    public async Task Instances_are_adopted_by_the_next_agent()
    {
        var service = Service("kept", "instances: 2");
        await service.MustAsync(ServiceAction.Start);
        var before = await LivingAsync(service);

        await _home.KillAgentAsync();

        Assert.Equal(before, await LivingAsync(service));
        await service.MustAsync(ServiceAction.Restart);
        Assert.Equal("one", await service.GetAsync("/version"));
        await _home.RunsOnceAsync("kept", 2);
    }

    [Fact]
    public async Task On_a_unix_socket_its_own_words_tell_that_it_is_ready()
    {
        var service = new LocalService(_home, "local", """
            service: {runner: uvicorn, app: "app:app", listen: "unix:web.sock"}
            """, ("app.py", RunnerSamples.FastApi));
        await service.MustAsync(ServiceAction.Start);
        service.Replace("app.py", "VERSION = 'one'", "VERSION = 'two'");

        await service.MustAsync(ServiceAction.Restart);

        Assert.Equal("two", await service.GetFromUnixAsync("web.sock", "/version"));
    }

    [Theory]
    [InlineData("VERSION = 'one'", "import a_module_nobody_has", "a_module_nobody_has")]
    [InlineData("app = FastAPI()", "app2 = None", "traceback")]
    public async Task Broken_code_keeps_the_old_generation(string text, string by, string words)
    {
        var service = Service("safe");
        var first = await service.MustAsync(ServiceAction.Start);
        service.Replace("app.py", text, by);

        var result = await service.OrderAsync(ServiceAction.Restart);

        Assert.Equal(ErrorCode.ExitedEarly, result.Error?.Code);
        Assert.Contains(words, result.Error!.Advice, StringComparison.Ordinal);
        Assert.Equal((ServiceState.Running, first.After!.Pid), (result.After!.State, result.After.Pid));
        Assert.Equal("one", await service.GetAsync("/version"));
    }

    [Fact]
    public async Task An_application_that_is_not_there_is_told()
    {
        var service = new LocalService(_home, "lost", """
            service: {runner: uvicorn, app: "app:nothing", listen: "127.0.0.1:PORT"}
            """, ("app.py", RunnerSamples.FastApi));

        var result = await service.OrderAsync(ServiceAction.Start);

        Assert.Equal(ErrorCode.ExitedEarly, result.Error?.Code);
        Assert.Contains("service.app", result.Error!.Advice, StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<int>> LivingAsync(LocalService service) =>
        [.. (await service.StatusAsync()).Workers.Where(worker => worker.Status == "running").Select(worker => worker.Pid)];

    private LocalService Service(string name, string words = "instances: 1") => new(_home, name, $$"""
        service: {runner: uvicorn, app: "app:app", listen: "127.0.0.1:PORT", {{words}} }
        """, ("app.py", RunnerSamples.FastApi));
}
