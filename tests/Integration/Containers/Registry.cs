using System.Diagnostics;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Containers;

/// <summary>A real registry of images on a port of this machine, with a folder of its own.</summary>
public sealed class Registry : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sc-").FullName;
    private readonly Process _registry;

    private Registry()
    {
        Address = $"127.0.0.1:{LocalService.FreePort()}";
        var config = Path.Combine(_folder, "config.yml");
        File.WriteAllText(config, $"""
            version: 0.1
            log: {"{"}level: warn{"}"}
            storage: {"{"}filesystem: {"{"}rootdirectory: {_folder}/images{"}"}, delete: {"{"}enabled: true{"}"}{"}"}
            http: {"{"}addr: '{Address}', secret: not-one{"}"}
            """);
        _registry = ContainerTools.Start(Path.Combine(_folder, "log"), "docker-registry", "serve", config);
    }

    /// <summary>Host and port, as an image's name begins.</summary>
    public string Address { get; }

    public static async Task<Registry> StartAsync()
    {
        ContainerTools.Require("docker-registry");
        var registry = new Registry();
        using var http = new HttpClient();
        await Condition.HoldsAsync(
            async () =>
            {
                Assert.False(registry._registry.HasExited, $"it has ended:\n{File.ReadAllText(Path.Combine(registry._folder, "log"))}");
                try
                {
                    return (await http.GetAsync(new Uri($"http://{registry.Address}/v2/"))).IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "the registry answers");
        return registry;
    }

    public async ValueTask DisposeAsync()
    {
        await ContainerTools.EndAsync(_registry);
        Directory.Delete(_folder, recursive: true);
    }
}
