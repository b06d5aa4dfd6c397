using System.Diagnostics;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Supervision;

/// <summary>New code through the running master.</summary>
public sealed class HotRestartTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Theory]
    [InlineData("raise RuntimeError('not yet')\n", "RuntimeError: not yet")]
    [InlineData("def broken(:\n", "SyntaxError")]
    [InlineData("import a_module_nobody_has\n", "a_module_nobody_has")]
    [InlineData("nothing_callable = 1\n", "callable not found")]
    public async Task Broken_code_is_refused_with_its_traceback_and_the_running_workers_go_on(string code, string words)
    {
        var service = new FlaskService(_home, "guarded");
        await service.MustAsync(ServiceAction.Start);
        var before = (await service.StatusAsync()).Workers.Select(worker => worker.Pid);
        File.WriteAllText(Path.Combine(service.Folder, "app.py"), code);

        var result = await service.OrderAsync(ServiceAction.HotRestart);

        Assert.Equal(ErrorCode.ImportFailed, result.Error?.Code);
        Assert.Contains(result.Error!.LogLines, line => line.Contains(words, StringComparison.Ordinal));
        Assert.Equal("one", await service.GetAsync("/version"));
        Assert.Equal(before, (await service.StatusAsync()).Workers.Select(worker => worker.Pid));
    }

    [Theory]
    [InlineData("uwsgi")]
    [InlineData("gunicorn")]
    public async Task A_request_that_takes_longer_than_the_stop_may_is_cut_and_that_is_told(string runner)
    {
        const string Words = "stop: {timeout: 2s}";
        var service = runner == "uwsgi"
            ? new FlaskService(_home, "long", more: $"service: {{{Words}}}")
            : new LocalService(_home, "long",
                $"service: {{runner: gunicorn, app: 'app:app', instances: 2, listen: '127.0.0.1:PORT', {Words}}}",
                ("app.py", FlaskService.App));
        await service.MustAsync(ServiceAction.Start);
        var endless = service.GetAsync("/until/never");
        await Task.Delay(300);
        service.Replace("app.py", "VERSION = 'one'", "VERSION = 'two'");

        var watch = Stopwatch.StartNew();
        var result = await service.MustAsync(ServiceAction.HotRestart);

        Assert.Contains("did not finish within 2 s", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.InRange(watch.Elapsed.TotalSeconds, 1.5, 20);
        Assert.Equal("two", await service.GetAsync("/version"));
        await Assert.ThrowsAsync<HttpRequestException>(() => endless);
    }

    [Fact]
    public async Task What_does_not_run_can_not_be_reloaded()
    {
        var service = new FlaskService(_home, "off");

        var result = await service.OrderAsync(ServiceAction.HotRestart);

        Assert.Equal(ErrorCode.InvalidState, result.Error?.Code);
    }

    [Fact]
    public async Task A_service_that_imports_uwsgi_itself_passes_the_check()
    {
        var service = new FlaskService(_home, "native", app: "import uwsgi\n" + FlaskService.App);
        await service.MustAsync(ServiceAction.Start);

        await service.MustAsync(ServiceAction.HotRestart);

        Assert.Equal("one", await service.GetAsync("/version"));
    }
}
