using System.Diagnostics;
using System.Text.Json;
using ServiceCtl.Client;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Agent;

/// <summary>The agent as a process: one per user, private, independent of who started it.</summary>
public sealed class AgentTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task Clients_that_start_it_at_once_end_up_with_one()
    {
        using var second = new ServiceCtlClient(_home.Paths, Home.Executable);
        using var third = new ServiceCtlClient(_home.Paths, Home.Executable);

        var infos = await Task.WhenAll(
            new[] { _home.Client, second, third }.Select(client => client.Agent.StartAsync(CancellationToken.None)));

        Assert.Single(infos.Select(info => info.Pid).Distinct());
        var commands = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _home.RunAsync("/", "agent", "start", "--json")));
        Assert.All(commands,
            command => Assert.Equal(infos[0].Pid, JsonDocument.Parse(command.Output).RootElement.GetProperty("pid").GetInt32()));
    }

    [Fact]
    public async Task A_second_one_in_the_foreground_refuses()
    {
        await _home.Client.Agent.StartAsync(CancellationToken.None);

        var result = await _home.RunAsync("/", "agent", "run");

        Assert.Equal(1, result.Code);
        Assert.Contains("another agent runs already", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_comes_while_a_killed_one_is_being_buried_is_answered_by_the_next()
    {
        var service = Sleepers.Create(_home, "sleeper");
        await service.MustAsync(ServiceAction.Start);
        // The kernel takes some 20 ms to close what a process had open, if that is much, and the socket may be the last.
        for (var count = 0; count < 20; count++)
        {
            using var agent = Process.GetProcessById((await _home.Client.Agent.StartAsync(CancellationToken.None)).Pid);
            using var session = new ServiceCtlClient(_home.Paths, Home.Executable);
            agent.Kill();
            Assert.Equal(ServiceState.Running,
                Assert.Single(await session.Services.GetStatusAsync(["sleeper"], CancellationToken.None)).State);
        }
    }

    [Fact]
    public async Task The_terminal_that_started_it_may_close()
    {
        var service = new FlaskService(_home, "detached");
        // script gives the shell a terminal of its own; its end hangs up on everybody in that session.
        var start = new ProcessStartInfo("script", ["-qec", $"'{Home.Executable}' start", "/dev/null"])
        {
            WorkingDirectory = service.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["SERVICECTL_HOME"] = _home.Paths.Home;
        using (var terminal = Process.Start(start)!)
        {
            await terminal.StandardOutput.ReadToEndAsync();
            await terminal.WaitForExitAsync();
        }

        Assert.Equal("one", await service.GetAsync("/version"));
        Assert.Equal(ServiceState.Running, (await service.StatusAsync()).State);
    }

    [Fact]
    public async Task It_refuses_to_end_while_services_run_unless_forced()
    {
        var service = new FlaskService(_home, "busy");
        await service.MustAsync(ServiceAction.Start);

        var refusal = await Assert.ThrowsAsync<ServiceCtlException>(
            () => _home.Client.Agent.StopAsync(RunningServices.Refuse, CancellationToken.None));
        Assert.Equal(ErrorCode.AgentBusy, refusal.Code);
        Assert.Equal("one", await service.GetAsync("/version"));

        Assert.NotNull(await _home.Client.Agent.StopAsync(RunningServices.Stop, CancellationToken.None));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => service.GetAsync("/version"));
        Assert.Null(await _home.Client.Agent.FindAsync(CancellationToken.None));
    }

    [Fact]
    public async Task The_catalog_outlives_it()
    {
        var service = new FlaskService(_home, "remembered");
        await _home.Client.Services.RegisterAsync(service.Folder, null, CancellationToken.None);
        await _home.Client.Agent.StopAsync(RunningServices.Refuse, CancellationToken.None);

        var known = await _home.Client.Services.GetAsync([], CancellationToken.None);

        Assert.Equal("remembered", Assert.Single(known).Name);
    }

    [Fact]
    public async Task It_describes_every_route_it_has()
    {
        await _home.Client.Agent.StartAsync(CancellationToken.None);
        var start = new ProcessStartInfo("/usr/bin/curl",
            ["-s", "--unix-socket", _home.Paths.Socket, "http://agent/v1/openapi.json"])
        { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        using var description = JsonDocument.Parse(await process.StandardOutput.ReadToEndAsync());

        var routes = description.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(method => $"{method.Name} {path.Name}"));

        Assert.Equal(
            [
                "delete /v1/services/{name}", "get /v1/agent", "get /v1/alerts", "get /v1/events", "get /v1/openapi.json",
                "get /v1/schedules", "get /v1/services", "get /v1/services/{name}/modules", "get /v1/services/{name}/wait",
                "get /v1/status", "post /v1/agent/stop", "post /v1/alerts/test", "post /v1/logs", "post /v1/operations",
                "post /v1/releases", "post /v1/releases/canary", "post /v1/relog", "post /v1/services",
                "post /v1/services/{name}/schedules/{schedule}", "post /v1/tests", "put /v1/services/{name}/boot",
                "put /v1/services/{name}/config", "put /v1/services/{name}/modules/{module}",
            ],
            routes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_name_can_be_taken_once_and_a_folder_has_one_name()
    {
        var first = new FlaskService(_home, "one");
        await _home.Client.Services.RegisterAsync(first.Folder, "alpha", CancellationToken.None);
        var second = new FlaskService(_home, "two");

        var taken = await Assert.ThrowsAsync<ServiceCtlException>(
            () => _home.Client.Services.RegisterAsync(second.Folder, "alpha", CancellationToken.None));
        var twin = await Assert.ThrowsAsync<ServiceCtlException>(
            () => _home.Client.Services.RegisterAsync(first.Folder, "beta", CancellationToken.None));
        var hostile = await Assert.ThrowsAsync<ServiceCtlException>(
            () => _home.Client.Services.RegisterAsync(second.Folder, "../../etc", CancellationToken.None));

        Assert.Equal([ErrorCode.ServiceExists, ErrorCode.ServiceExists, ErrorCode.InvalidArgument], [taken.Code, twin.Code, hostile.Code]);
    }
}
