using ServiceCtl.Tests.Integration.Containers;

[assembly: AssemblyFixture(typeof(ContainerEngines))]

namespace ServiceCtl.Tests.Integration.Containers;

/// <summary>The engines of a run: started when the first test asks, shared by tests that do no harm, ended with the run.</summary>
public sealed class ContainerEngines : IAsyncDisposable
{
    private readonly Lazy<Task<DockerDaemon>> _docker = new(() => DockerDaemon.StartAsync());
    private readonly Lazy<Task<PodmanService>> _podman = new(() => PodmanService.StartAsync());
    private readonly Lazy<Task<Registry>> _registry = new(() => Registry.StartAsync());

    /// <summary>One of them by its name.</summary>
    public async Task<ContainerEngineHost> OfAsync(string engine) => engine == "podman" ? await PodmanAsync() : await DockerAsync();

    public Task<DockerDaemon> DockerAsync()
    {
        ContainerTools.Require("dockerd", "containerd", "runc", "docker");
        return _docker.Value;
    }

    public Task<PodmanService> PodmanAsync()
    {
        ContainerTools.Require("podman", "conmon");
        Assert.SkipWhen(ContainerTools.Find("runc") is null && ContainerTools.Find("crun") is null, "this machine has no runc and no crun");
        return _podman.Value;
    }

    public Task<Registry> RegistryAsync()
    {
        ContainerTools.Require("docker-registry");
        return _registry.Value;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync(_docker);
        await EndAsync(_podman);
        await EndAsync(_registry);
        TestImage.Remove();
    }

    // One that could not start has ended what it had started, and failed the tests that asked for it.
    private static async Task EndAsync<T>(Lazy<Task<T>> engine)
        where T : IAsyncDisposable
    {
        if (engine.IsValueCreated && await Task.WhenAny(engine.Value) is { IsCompletedSuccessfully: true })
            await (await engine.Value).DisposeAsync();
    }
}
