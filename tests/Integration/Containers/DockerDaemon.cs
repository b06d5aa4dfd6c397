using System.Diagnostics;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Containers;

/// <summary>
/// A real dockerd with folders, socket and containerd of its own. No default bridge and no rules of a firewall: user networks, names on
/// them and published ports (by its proxy) work without. It may be killed: with live-restore its containers live on.
/// </summary>
public sealed class DockerDaemon : ContainerEngineHost
{
    private Process _daemon;

    private DockerDaemon()
        : base("docker")
    {
        File.WriteAllText(Path.Combine(Folder, "daemon.json"), "{}");
        _daemon = Launch();
    }

    public static async Task<DockerDaemon> StartAsync()
    {
        ContainerTools.Require("dockerd", "containerd", "runc", "docker");
        var docker = new DockerDaemon();
        try
        {
            await docker.AnswersAsync();
            await docker.ImportAsync();
        }
        catch
        {
            await docker.DisposeAsync();
            throw;
        }

        return docker;
    }

    public override Task<CommandResult> RunAsync(params string[] arguments) =>
        ContainerTools.RunAsync("docker", ["--host", $"unix://{Socket}", .. arguments]);

    /// <summary>Kills it with -9; its containerd dies with it.</summary>
    public async Task KillAsync()
    {
        _daemon.Kill();
        await _daemon.WaitForExitAsync();
        _daemon.Dispose();
    }

    /// <summary>Starts it again on the same folders.</summary>
    public async Task StartAgainAsync()
    {
        // A file that names a process that is still there, dead and not yet waited for, keeps it, or its containerd, from starting.
        File.Delete(Path.Combine(Folder, "pid"));
        File.Delete(Path.Combine(Folder, "exec", "containerd", "containerd.pid"));
        _daemon = Launch();
        await AnswersAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        if (!_daemon.HasExited)
            await ClearAsync();
        await ContainerTools.EndAsync(_daemon);
        await ContainerTools.RemoveAsync(Folder);
    }

    private Process Launch() => ContainerTools.Start(Log, "dockerd",
        "--config-file", Path.Combine(Folder, "daemon.json"), "--data-root", Path.Combine(Folder, "data"),
        "--exec-root", Path.Combine(Folder, "exec"), "--pidfile", Path.Combine(Folder, "pid"), "--host", $"unix://{Socket}",
        "--bridge", "none", "--iptables=false", "--ip6tables=false", "--live-restore", "--log-level", "warn");

    private Task AnswersAsync() => Condition.HoldsAsync(
        async () =>
        {
            Assert.False(_daemon.HasExited, $"dockerd has ended:\n{File.ReadAllText(Log)}");
            return File.Exists(Socket) && (await RunAsync("version")).Code == 0;
        },
        "dockerd answers");
}
