using ServiceCtl.Engine.Manifests;
using ServiceCtl.Engine.Manifests.Writing;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Tests.Unit.Manifests;

/// <summary>Services whose manifests are looked at: a shop, which requires a store, and says something of everything.</summary>
internal sealed class ManifestSamples : IDisposable
{
    public const string Store = """
        service:
          runner: container
          container: {image: 'redis:7', volumes: ['store:/data']}
          command: [redis-server, --save, '']
          ready: {delay: 1s}
        """;

    public const string Shop = """
        service:
          runner: container
          container:
            image: registry.example.org/shop:1.4
            build: .
            port: 8080
            user: '1000:1000'
            volumes: ['./data:/data:ro']
          command: [python3, -m, shop, '--bind={address}', '--price=$5', '$(HOME)']
          listen: [127.0.0.1:8000, 0.0.0.0:8001]
          environment: {GREETING: '$hello, "you"', MODE: on, PORT: '8080', DATABASE_PASSWORD: s3cr3t-of-the-shop}
          requires: store
          ready: {http: /ping?deep=1, timeout: 20s}
          health: {http: /health, interval: 5s}
          restart: {when: on-failure}
          stop: {signal: INT, timeout: 30s}
          limits: {memory: 256MiB, cpu: 150%, open_files: 4096, processes: 64}
          sandbox: {capabilities: [net_bind_service]}
          schedule: [{name: tidy, cron: '0 3 * * *', run: [true]}]
        """;

    public string Folder { get; } = Directory.CreateTempSubdirectory("sc-").FullName;

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    public async Task<ServiceReading> ReadAsync(string name, string config)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Folder, name)).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "config.yaml"), config);
        return await ServiceDefinitionReader.ReadWithConfigurationAsync(folder, name, CancellationToken.None);
    }

    public async Task<IReadOnlyList<ServiceReading>> ReadBothAsync() => [await ReadAsync("store", Store), await ReadAsync("shop", Shop)];

    public async Task<IReadOnlyList<Contracts.PyServiceManifest>> MakeAsync(Contracts.ManifestTarget target, bool hostPorts = false) =>
        ManifestMaker.Make(await ReadBothAsync(), new ManifestRequest(target, Folder, HostPorts: hostPorts));
}
