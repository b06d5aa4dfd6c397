using System.Text.Json;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Containers;

/// <summary>A small web service in a container of a real engine: its code is mounted, so that it can be edited.</summary>
internal sealed class ContainerService : LocalService
{
    private readonly Home _home;
    private readonly ContainerEngineHost _engine;

    /// <param name="home">Where it lives.</param>
    /// <param name="engine">What it runs in.</param>
    /// <param name="name">Its name.</param>
    /// <param name="container">More keys of <c>service.container</c>, each with a comma before it.</param>
    /// <param name="service">More keys of <c>service</c>, each with a comma before it.</param>
    /// <param name="listen">Its address; <c>PORT</c> stands for a port of its own.</param>
    /// <param name="code">What it runs.</param>
    public ContainerService(Home home, ContainerEngineHost engine, string name, string container = "", string service = "",
        string listen = "127.0.0.1:PORT", string code = RunnerSamples.Server)
        : base(home, name, $$"""
            service:
              { runner: container, listen: '{{listen}}', command: [/usr/bin/python3, -u, /srv/server.py, --fd, '{fd}'],
                restart: { delay: 100ms },
                container: { image: '{{ContainerEngineHost.Python}}', engine: '{{engine.Socket}}', volumes: ['.:/srv:ro']{{(
                    container.Contains("network", StringComparison.Ordinal) ? "" : ", network: none")}}{{container}} }{{service}} }
            """, ("server.py", code)) => (_home, _engine) = (home, engine);

    /// <summary>The only container that there is of it, as the engine describes it.</summary>
    public async Task<JsonElement> InspectAsync()
    {
        var id = Assert.Single(await _engine.ContainersOfAsync(_home, Name));
        using var json = JsonDocument.Parse(await _engine.MustAsync("inspect", id));
        return json.RootElement[0].Clone();
    }

    /// <summary>The process of the only container, as this machine numbers it.</summary>
    public async Task<int> MainPidAsync() => (await InspectAsync()).GetProperty("State").GetProperty("Pid").GetInt32();

    public async Task HasNoContainerAsync() => await Condition.HoldsAsync(
        async () => (await _engine.ContainersOfAsync(_home, Name)).Count == 0, $"no container of {Name} is left");

    public Task HasOneContainerAsync() => Condition.HoldsAsync(
        async () => (await _engine.ContainersOfAsync(_home, Name)).Count == 1, $"one container of {Name} is there");
}
