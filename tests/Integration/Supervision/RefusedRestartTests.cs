using System.Net;
using System.Net.Sockets;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Supervision;

/// <summary>
/// A restart to a definition that can't be launched, where the old generation has to end first: it is refused before that, or the old
/// definition comes back.
/// </summary>
public sealed class RefusedRestartTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Theory]
    [InlineData("user: nobody-of-this-name", ErrorCode.InvalidArgument, "nobody-of-this-name")]
    [InlineData("command: [/nowhere/python3, server.py, --port, '{port}']", ErrorCode.RunnerMissing, "/nowhere/python3")]
    [InlineData("command: [./moved.sh]", ErrorCode.RunnerMissing, "/gone/python")]
    [InlineData("command: [./private/run]", ErrorCode.AccessDenied, "as nobody", "user: nobody")]
    [InlineData("environment: {LONG: TOOLONG}", ErrorCode.System, "too long together")]
    [InlineData("listen: '127.0.0.1:TAKEN'", ErrorCode.AddressInUse, "is held by")]
    [InlineData("", ErrorCode.System, "directories_to_create", "", "directories_to_create: [server.py/below]")]
    public async Task What_can_be_seen_before_is_refused_before(
        string words, ErrorCode code, string said, string more = "", string top = "")
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var service = Program("python", "", "");
        Directory.CreateDirectory(Path.Combine(service.Folder, "private"),
            UnixFileMode.UserExecute | UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Executable(service, "private/run", "#!/bin/sh\nexit 1\n");
        Executable(service, "moved.sh", "#!/gone/python\n");
        var before = await service.MustAsync(ServiceAction.Start);
        words = words.Replace("TOOLONG", new string('x', 200_000), StringComparison.Ordinal)
            .Replace("TAKEN", $"{((IPEndPoint)other.LocalEndpoint).Port}", StringComparison.Ordinal);
        File.WriteAllText(service.Config, Config(service, words, more, top));

        var result = await service.OrderAsync(ServiceAction.Restart);

        Assert.True(code == result.Error?.Code, result.Message);
        Assert.Contains(said, result.Message, StringComparison.Ordinal);
        Assert.Equal((ServiceState.Running, before.After!.Pid), (result.After!.State, result.After.Pid));
        Assert.Equal("one", await service.GetAsync("/version"));
        Assert.Equal([$"{before.After.Generation}"],
            Directory.GetDirectories(_home.Paths.ServiceRun(service.Name)).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("gunicorn", "app: 'app:app'")]
    [InlineData("uvicorn", "app: 'app:app'")]
    [InlineData("uwsgi", "app: 'app:app'")]
    public async Task Every_runner_refuses_before(string runner, string words)
    {
        var config = $"service: {{runner: {runner}, {words}, listen: '127.0.0.1:PORT', socket: own, ready: {{http: /ping}}}}";
        var service = new LocalService(_home, "held", config, ("app.py", runner == "uvicorn" ? RunnerSamples.FastApi : FlaskService.App));
        var before = await service.MustAsync(ServiceAction.Start);
        service.Replace("config.yaml", "socket: own", $"socket: own, environment: {{LONG: {new string('x', 200_000)}}}");

        var result = await service.OrderAsync(ServiceAction.Restart);

        Assert.Contains("too long together", result.Error?.Message, StringComparison.Ordinal);
        Assert.Equal((ServiceState.Running, before.After!.Pid), (result.After!.State, result.After.Pid));
        Assert.Equal("one", await service.GetAsync("/version"));
    }

    [Theory]
    [InlineData("environment: {BROKEN: '1'}", ErrorCode.ExitedEarly)]
    [InlineData("ready: {http: /nowhere, timeout: 1s}, environment: {DEAF: '1'}", ErrorCode.NotReady)]
    public async Task A_definition_that_does_not_come_up_gives_way_to_the_former_one(string words, ErrorCode code)
    {
        var service = Program("back", "", "");
        var before = await service.MustAsync(ServiceAction.Start);
        File.WriteAllText(service.Config, Config(service, words, "", ""));

        var result = await service.OrderAsync(ServiceAction.Restart);

        Assert.True(code == result.Error?.Code, result.Message);
        Assert.Contains("was started again with the configuration it had before (pid ", result.Message, StringComparison.Ordinal);
        Assert.Equal(ServiceState.Running, result.After!.State);
        Assert.NotEqual(before.After!.Pid, result.After.Pid);
        Assert.Equal("one", await service.GetAsync("/version"));
        Assert.Contains("has changed since the start", (await service.StatusAsync()).ConfigChange, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_neither_comes_up_both_are_said()
    {
        var service = Program("neither", "", "");
        await service.MustAsync(ServiceAction.Start);
        File.WriteAllText(service.Config, Config(service, "environment: {BROKEN: '1'}", "", ""));
        service.Replace("server.py", "VERSION = 'one'", "raise SystemExit('broken code')");

        var result = await service.OrderAsync(ServiceAction.Restart);

        Assert.Contains("It could not be started again with the configuration it had before either", result.Message,
            StringComparison.Ordinal);
        Assert.Equal(ServiceState.Failed, result.After!.State);
    }

    private static void Executable(LocalService service, string name, string text)
    {
        File.WriteAllText(Path.Combine(service.Folder, name), text);
        File.SetUnixFileMode(Path.Combine(service.Folder, name), (UnixFileMode)0b111_101_101);
    }

    private LocalService Program(string name, string words, string more)
    {
        const string App =
            "import os, sys\nif os.environ.get('BROKEN'): sys.exit('told to be broken')\nif os.environ.get('DEAF'): import time; "
                + "time.sleep(100)\n" + RunnerSamples.Server;
        var service = new LocalService(_home, name, "", ("server.py", App));
        File.WriteAllText(service.Config, Config(service, words, more, ""));
        return service;
    }

    private static string Config(LocalService service, string words, string more, string top)
    {
        string[] usual = ["runner: command", "command: [/usr/bin/python3, server.py, --port, '{port}']",
            $"listen: '127.0.0.1:{service.Port}'", "ready: {http: /version}"];
        var given = new[] { words, more }.Where(word => word.Length > 0).ToArray();
        var kept = usual.Where(
            key => !given.Any(word => word.StartsWith(key[..(key.IndexOf(':', StringComparison.Ordinal) + 1)], StringComparison.Ordinal)));
        return $"{top}\nservice: {{{string.Join(", ", kept.Concat(given))}}}\n";
    }
}
