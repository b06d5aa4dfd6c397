using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Runners;

/// <summary>FastAPI under real uvicorn.</summary>
public sealed class UvicornTests : IAsyncDisposable
{
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
            service: {runner: uvicorn, app: "app:app", listen: "[::1]:PORT", ready: {timeout: 5s}}
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

        var slow = service.GetAsync("/slow/1.0");
        await Task.Delay(300);
        await service.MustAsync(ServiceAction.Stop);

        Assert.Equal("done", await slow);
    }

    [Fact]
    public async Task Instances_are_its_workers()
    {
        var service = Service("many", "instances: 2");
        await service.MustAsync(ServiceAction.Start);
        await service.MustAsync(ServiceAction.Restart);

        Assert.Equal("one", await service.GetAsync("/version"));
        Assert.InRange((await service.StatusAsync()).ProcessCount, 3, 4);
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

    private LocalService Service(string name, string words = "instances: 1") => new(_home, name, $$"""
        service: {runner: uvicorn, app: "app:app", listen: "127.0.0.1:PORT", {{words}} }
        """, ("app.py", RunnerSamples.FastApi));
}
