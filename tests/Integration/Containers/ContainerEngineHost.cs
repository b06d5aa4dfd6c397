using ServiceCtl.Engine.Processes.Scopes;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Containers;

/// <summary>An engine that a test has started: its folder, its socket, and its own command.</summary>
public abstract class ContainerEngineHost(string name) : IAsyncDisposable
{
    /// <summary>The image with Python, Flask, gunicorn, uvicorn and redis.</summary>
    public const string Python = "sctl/python:1";

    /// <summary>The image without Python: redis-server and a shell.</summary>
    public const string Redis = "sctl/redis:1";

    /// <summary><c>docker</c> or <c>podman</c>.</summary>
    public string Name { get; } = name;

    /// <summary>Short, for a path of a socket has 108 characters.</summary>
    protected string Folder { get; } = Directory.CreateTempSubdirectory("sc-").FullName;

    /// <summary>By whose name an engine is told from the other.</summary>
    public string Socket => Path.Combine(Folder, $"{Name}.sock");

    protected string Log => Path.Combine(Folder, "log");

    /// <summary>Runs the engine's own command.</summary>
    public abstract Task<CommandResult> RunAsync(params string[] arguments);

    /// <summary>Runs it, and it has to succeed.</summary>
    /// <returns>What it printed, without the end of the line.</returns>
    public async Task<string> MustAsync(params string[] arguments)
    {
        var result = await RunAsync(arguments);
        Assert.True(result.Code == 0, $"{Name} {string.Join(' ', arguments)}: {result}");
        return result.Output.TrimEnd();
    }

    /// <summary>Every container of a service of one agent, whatever its state: tests of other agents run beside.</summary>
    public async Task<IReadOnlyList<string>> ContainersOfAsync(Home home, string service) =>
        (await MustAsync("ps", "--all", "--quiet", "--no-trunc", "--filter", $"label=io.servicectl.service={service}",
            "--filter", $"label=io.servicectl.home={ScopeMarker.HomeOf(home.Paths.Home)}"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public abstract ValueTask DisposeAsync();

    protected async Task ImportAsync()
    {
        await MustAsync("import", "--change",
            """CMD ["/usr/bin/python3"]""", TestImage.PythonArchive, ImageName(Python));
        await MustAsync("import", "--change",
            """CMD ["/usr/bin/redis-server", "--save", "", "--bind", "0.0.0.0", "--protected-mode", "no"]""",
            TestImage.RedisArchive, ImageName(Redis));
    }

    protected virtual string ImageName(string name) => name;

    /// <summary>Ends and removes all containers, and the networks that were made.</summary>
    protected async Task ClearAsync()
    {
        if (await MustAsync("ps", "--all", "--quiet", "--no-trunc") is { Length: > 0 } containers)
            await MustAsync(["rm", "--force", "--volumes", .. containers.Split('\n')]);
        var networks = (await MustAsync("network", "ls", "--format", "{{.Name}}")).Split('\n')
            .Except(["bridge", "host", "none", "podman", "ingress", "docker_gwbridge"]).Where(network => network.Length > 0).ToArray();
        if (networks.Length > 0)
            await MustAsync(["network", "rm", .. networks]);
    }
}
