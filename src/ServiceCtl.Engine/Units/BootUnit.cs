using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Runners;

namespace ServiceCtl.Engine.Units;

/// <summary>The agent's unit, put where the init system of this host finds it, and enabled. An agent that runs goes on: the unit counts from the next boot on.</summary>
internal static class BootUnit
{
    private const string SystemdRuns = "/run/systemd/system";
    private const string SystemdFolder = "/etc/systemd/system";
    private const string SysVFolder = "/etc/init.d";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly Dictionary<string, string> Environment = new() { ["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin" };

    /// <summary>Which init system starts this host, and the folder of its units.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.AccessDenied"/>: not root; <see cref="ErrorCode.InvalidState"/>: this host has neither.</exception>
    public static (ServiceUnitType Type, string Folder) Find()
    {
        if (PeerCredentials.OwnUid != 0)
        {
            throw new ServiceCtlException(
                ErrorCode.AccessDenied, null, "Only root can have something started at boot. Nothing was registered.",
                "Do it as root, or install the unit of 'servicectl unit --agent' with 'systemctl --user', and run 'loginctl enable-linger'.");
        }

        if (Directory.Exists(SystemdRuns))
            return (ServiceUnitType.Systemd, SystemdFolder);
        if (Directory.Exists(SysVFolder) && File.Exists("/usr/sbin/update-rc.d"))
            return (ServiceUnitType.SysV, SysVFolder);
        throw new ServiceCtlException(
            ErrorCode.InvalidState, null, "Neither systemd nor SysV init starts this host. Nothing was registered.",
            "In a container, let 'servicectl run' or 'servicectl agent run' be its program.");
    }

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.System"/>, with what the init system says.</exception>
    public static async Task EnableAsync(ServiceUnitType type, CancellationToken cancellation)
    {
        if (type == ServiceUnitType.SysV)
        {
            await RunAsync("update-rc.d", [SystemdUnits.AgentName, "defaults"], cancellation);
            return;
        }

        await RunAsync("systemctl", ["daemon-reload"], cancellation);
        await RunAsync("systemctl", ["enable", $"{SystemdUnits.AgentName}.service"], cancellation);
    }

    private static async Task RunAsync(string program, string[] arguments, CancellationToken cancellation)
    {
        using var watcher = new ExitWatcher();
        var path = Environment["PATH"].Split(':').Select(folder => Path.Combine(folder, program)).First(File.Exists);
        var spec = new ProcessSpec { FileName = path, Arguments = arguments, Environment = Environment, WorkingDirectory = "/" };
        var run = await ProgramRun.RunAsync(spec, Limit, watcher, TimeProvider.System, cancellation);
        if (run.Exit is not { Code: 0 })
        {
            throw new ServiceCtlException(
                ErrorCode.System, SystemdUnits.AgentName, $"The agent's unit can't be enabled: {program} {string.Join(' ', arguments)} says: {string.Join(' ', run.Lines)}",
                "The unit was written; enable it by hand when that is mended.");
        }
    }
}
