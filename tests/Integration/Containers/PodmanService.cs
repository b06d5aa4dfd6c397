using System.Diagnostics;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Containers;

/// <summary>A real podman that answers on a socket by Docker's API, with folders of its own.</summary>
public sealed class PodmanService : ContainerEngineHost
{
    private readonly string[] _options;
    private readonly Process _service;

    private PodmanService()
        : base("podman")
    {
        _options =
        [
            "--root", Path.Combine(Folder, "root"), "--runroot", Path.Combine(Folder, "run"), "--tmpdir", Path.Combine(Folder, "tmp"),
            "--network-config-dir", Path.Combine(Folder, "networks"), "--cgroup-manager", "cgroupfs", "--events-backend", "file",
            "--storage-driver", "overlay", "--runtime", ContainerTools.Find("runc") is null ? "crun" : "runc",
        ];
        Directory.CreateDirectory(Path.Combine(Folder, "networks"));
        _service = ContainerTools.Start(Log, "podman", [.. _options, "system", "service", "--time", "0", $"unix://{Socket}"]);
    }

    public static async Task<PodmanService> StartAsync()
    {
        ContainerTools.Require("podman", "conmon");
        var podman = new PodmanService();
        try
        {
            await Condition.HoldsAsync(
                () =>
                {
                    Assert.False(podman._service.HasExited, $"podman has ended:\n{File.ReadAllText(podman.Log)}");
                    return File.Exists(podman.Socket);
                },
                "podman answers");
            await podman.ImportAsync();
        }
        catch
        {
            await podman.DisposeAsync();
            throw;
        }

        return podman;
    }

    public override Task<CommandResult> RunAsync(params string[] arguments) =>
        ContainerTools.RunAsync("podman", [.. _options, .. arguments]);

    public override async ValueTask DisposeAsync()
    {
        await ContainerTools.EndAsync(_service);
        await ClearAsync();
        await ContainerTools.RemoveAsync(Folder);
    }

    protected override string ImageName(string name) => $"localhost/{name}";
}
