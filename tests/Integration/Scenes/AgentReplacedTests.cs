using System.Globalization;
using ServiceCtl.Client;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Scenes;

/// <summary>
/// Every runner on every kind of address, as services of one agent, which ends in every way there is: the next one takes them on, they are
/// reached, and restart.
/// </summary>
public sealed class AgentReplacedTests : IAsyncDisposable
{
    /// <summary>'./build.sh scenes' asks for 10.</summary>
    private static readonly int Rounds = int.Parse(Environment.GetEnvironmentVariable("SERVICECTL_TEST_AGENT_ENDS") ?? "1",
        CultureInfo.InvariantCulture);

    private static readonly string[] Runners = ["uwsgi", "router", "gunicorn", "uvicorn", "python", "uv", "command"];
    private static readonly string[] Addresses = ["ipv4", "ipv6", "unix"];

    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task However_the_agent_ends_every_service_is_taken_on_is_reached_and_restarts()
    {
        var services = (from runner in Runners from kind in Addresses select Serving(runner, kind)).ToArray();
        foreach (var service in services)
            await _home.Client.Services.RegisterAsync(service.Folder, null, CancellationToken.None);
        await OrderAllAsync(ServiceAction.Start, services);

        foreach (var end in Enumerable.Repeat(new[] { AgentEnd.Killed, AgentEnd.Terminated, AgentEnd.KeepServices, AgentEnd.Replaced },
            Rounds).SelectMany(ways => ways))
        {
            var before = await StatusAsync();
            await EndAgentAsync(end);
            var after = await StatusAsync();
            Assert.All(services, service => Assert.Equal(
                (end, service.Name, ServiceState.Running, before[service.Name].Pid, null, true),
                (end, service.Name, after[service.Name].State, after[service.Name].Pid, after[service.Name].Problem,
                    after[service.Name].Listening)));
            await AskAllAsync(end, services);

            await OrderAllAsync(ServiceAction.HotRestart,
                [.. services.Where(service => service.Runner is "uwsgi" or "router" or "gunicorn")]);
            await AskAllAsync(end, services);
            await OrderAllAsync(ServiceAction.Restart, services);
            await AskAllAsync(end, services);
            await Condition.HoldsAsync(() => services.All(RunsOnce), $"after {end} nothing runs twice");
        }

        await OrderAllAsync(ServiceAction.Stop, services);
        Assert.All(services, service => Assert.Empty(_home.ProcessesOf(service.Name)));
        Assert.All(services, service => Assert.Empty(Directory.GetFiles(service.Folder, "*.sock")));
    }

    private bool RunsOnce(ServedService service) =>
        _home.ProcessesOf(service.Name).Select(process => process.Generation).Distinct().Count() == 1
            && Directory.GetDirectories(_home.Paths.ServiceRun(service.Name)).Length == 1;

    private async Task EndAgentAsync(AgentEnd end)
    {
        switch (end)
        {
            case AgentEnd.Killed:
                await _home.KillAgentAsync();
                break;
            case AgentEnd.Terminated:
                await _home.TerminateAgentAsync();
                break;
            case AgentEnd.KeepServices:
                await _home.Client.Agent.StopAsync(RunningServices.Keep, CancellationToken.None);
                break;
            default:
                await _home.Client.Agent.StopAsync(RunningServices.Keep, CancellationToken.None);
                using (var newer = new ServiceCtlClient(_home.Paths, _home.CopyOfExecutable()))
                    await newer.Agent.StartAsync(CancellationToken.None);
                break;
        }
    }

    private async Task<Dictionary<string, PyServiceStatus>> StatusAsync() =>
        (await _home.Client.Services.GetStatusAsync([], CancellationToken.None)).ToDictionary(status => status.Name);

    private async Task OrderAllAsync(ServiceAction action, IReadOnlyList<ServedService> services)
    {
        var results = new List<OperationResult>();
        await foreach (var result in _home.Client.Services
            .OperateAsync(new OperationRequest { Action = action, Services = [.. services.Select(service => service.Name)] }, null,
                CancellationToken.None))
            results.Add(result);
        Assert.All(results,
            result => Assert.True(result.Outcome == OperationOutcome.Done,
                $"{action}: {result.Message}\n{string.Join('\n', result.Error?.LogLines ?? [])}"));
        Assert.All(results, result => Assert.DoesNotContain("one generation after the other", result.Message, StringComparison.Ordinal));
        Assert.Equal(services.Count, results.Count);
    }

    private static Task AskAllAsync(AgentEnd end, IReadOnlyList<ServedService> services) => Task.WhenAll(services.Select(async service =>
    {
        try
        {
            Assert.Equal("one", await service.AskAsync());
        }
        catch (HttpRequestException error)
        {
            Assert.Fail($"{service.Name} can't be reached after {end}: {error.Message}");
        }
    }));

    private ServedService Serving(string runner, string kind)
    {
        var port = LocalService.FreePort().ToString(CultureInfo.InvariantCulture);
        var name = $"{runner}-{kind}";
        var listen = kind switch
        {
            "ipv4" => $"127.0.0.1:{port}",
            "ipv6" => $"[::1]:{port}",
            _ => Path.Combine(_home.Folder(name), "s.sock"),
        };
        var config = runner switch
        {
            "uwsgi" => $"uwsgi: {{http-socket: '{listen}', module: 'app:app', processes: 2}}",
            "router" => $"uwsgi: {{http: '{listen}', module: 'app:app', processes: 2}}",
            "gunicorn" => $"service: {{runner: gunicorn, app: 'app:app', instances: 2, listen: '{listen}'}}",
            "uvicorn" => $"service: {{runner: uvicorn, app: 'app:api', listen: '{listen}'}}",
            "python" => $"service: {{runner: python, command: [server.py, --fd, '{{fd}}'], ready: {{log: ^serving}}, listen: '{listen}'}}",
            "uv" =>
                $"service: {{runner: uv, command: [server.py, --fd, '{{fd}}'], ready: {{log: ^serving}}, listen: '{listen}', environment: "
                    + $"{{PATH: 'bin:/usr/bin:/bin'}}}}",
            _ =>
                $"service: {{runner: command, socket: pass, command: [/usr/bin/python3, server.py, --listen-fds], ready: {{log: "
                    + $"^serving}}, listen: '{listen}'}}",
        };
        if (runner == "uv")
            config = config.Replace("'bin:", $"'{_home.Folder(name)}/bin:", StringComparison.Ordinal);
        return new ServedService(_home, name, runner, listen, config);
    }

    public enum AgentEnd
    {
        Killed,
        Terminated,
        KeepServices,
        Replaced,
    }

    private sealed class ServedService(Home home, string name, string runner, string listen, string config)
        : LocalService(home, name, config, ("app.py", RunnerSamples.One), ("server.py", RunnerSamples.Server), ("bin/uv", KitProject.Uv))
    {
        public string Runner => runner;

        public async Task<string> AskAsync()
        {
            if (listen.StartsWith('/'))
                return await GetFromUnixAsync(listen, "/version");
            using var http = new HttpClient();
            return await http.GetStringAsync(new Uri($"http://{listen}/version"));
        }
    }
}
