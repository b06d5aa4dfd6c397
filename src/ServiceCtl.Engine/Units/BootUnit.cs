using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Runners;

namespace ServiceCtl.Engine.Units;

/// <summary>
/// The agent's unit, where the init system that this user may order finds it. An agent that runs goes on: the unit counts from the next
/// boot on.
/// </summary>
/// <param name="Type">Which init system it is.</param>
/// <param name="Folder">Where its units are put.</param>
/// <param name="IsOfUser">Is it this user's systemd (<c>systemctl --user</c>), not the host's?</param>
/// <param name="Packaged">The agent's unit as a package of the distribution brings it, which only has to be enabled; null for none.</param>
internal sealed record BootUnit(ServiceUnitType Type, string Folder, bool IsOfUser = false, string? Packaged = null)
{
    private const string SystemdRuns = "/run/systemd/system";
    private const string SystemdFolder = "/etc/systemd/system";
    private const string PackagedUnit = "/usr/lib/systemd/system/" + SystemdUnits.AgentName + ".service";
    private const string SysVFolder = "/etc/init.d";
    private const string SearchPath = "/usr/sbin:/usr/bin:/sbin:/bin";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly string[] Passed = ["HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "DBUS_SESSION_BUS_ADDRESS"];

    /// <summary>The init system that starts this host, or this user's.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidState"/>: there is none.</exception>
    public static BootUnit Find() => PeerCredentials.OwnUid == 0 ? FindOfHost() : FindOfUser(Environment.GetEnvironmentVariable);

    /// <summary>Is the agent started at boot already?</summary>
    public bool IsEnabled => Type == ServiceUnitType.SysV
        ? Directory.Exists("/etc/rc2.d") && Directory.EnumerateFileSystemEntries("/etc/rc2.d", "S??" + SystemdUnits.AgentName).Any()
        : IsLink(Path.Combine(Folder, IsOfUser ? "default.target.wants" : "multi-user.target.wants", SystemdUnits.AgentName + ".service"));

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.System"/>, with what the init system says.</exception>
    public async Task EnableAsync(CancellationToken cancellation)
    {
        if (Type == ServiceUnitType.SysV)
        {
            await MustAsync("update-rc.d", [SystemdUnits.AgentName, "defaults"], cancellation);
            return;
        }

        string[] whose = IsOfUser ? ["--user"] : [];
        await MustAsync("systemctl", [.. whose, "daemon-reload"], cancellation);
        await MustAsync("systemctl", [.. whose, "enable", $"{SystemdUnits.AgentName}.service"], cancellation);
    }

    /// <summary>Has this user's systemd run from boot on, not from the first login.</summary>
    /// <returns>Whether it does.</returns>
    public async Task<bool> LingerAsync(CancellationToken cancellation) =>
        !IsOfUser || File.Exists($"/var/lib/systemd/linger/{Environment.UserName}")
        || await RunAsync("loginctl", ["--no-ask-password", "enable-linger"], cancellation) is { Exit.Code: 0 };

    internal static BootUnit FindOfUser(Func<string, string?> variable)
    {
        if (variable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime && Directory.Exists(Path.Combine(runtime, "systemd"))
            && variable("HOME") is { Length: > 0 } home)
        {
            var configuration = variable("XDG_CONFIG_HOME") is { Length: > 0 } chosen ? chosen : Path.Combine(home, ".config");
            return new BootUnit(ServiceUnitType.Systemd, Path.Combine(configuration, "systemd/user"), IsOfUser: true);
        }

        throw new ServiceCtlException(
            ErrorCode.InvalidState, null, "No systemd runs for this user, so nothing starts this user's agent at boot.",
            "Log in through a session of systemd, run the services as root, or start the agent ('servicectl agent run') from what starts "
                + "this host.");
    }

    private static BootUnit FindOfHost()
    {
        if (Directory.Exists(SystemdRuns))
            return new BootUnit(ServiceUnitType.Systemd, SystemdFolder, Packaged: File.Exists(PackagedUnit) ? PackagedUnit : null);
        if (Directory.Exists(SysVFolder) && File.Exists("/usr/sbin/update-rc.d"))
            return new BootUnit(ServiceUnitType.SysV, SysVFolder);
        throw new ServiceCtlException(
            ErrorCode.InvalidState, null, "Neither systemd nor SysV init starts this host, so nothing starts the agent at boot.",
            "In a container, let 'servicectl agent run' or 'servicectl run' be its program.");
    }

    private static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;

    private static async Task MustAsync(string program, string[] arguments, CancellationToken cancellation)
    {
        if (await RunAsync(program, arguments, cancellation) is { Exit: not { Code: 0 } } run)
        {
            throw new ServiceCtlException(
                ErrorCode.System, SystemdUnits.AgentName,
                $"The agent's unit can't be enabled: {program} {string.Join(' ', arguments)} says: {string.Join(' ', run.Lines)}",
                "The unit was written; enable it by hand when that is mended.");
        }
    }

    private static async Task<ProgramRun> RunAsync(string program, string[] arguments, CancellationToken cancellation)
    {
        using var watcher = new ExitWatcher();
        var path = SearchPath.Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists)
            ?? throw new ServiceCtlException(
            ErrorCode.System, program, $"There is no {program} in {SearchPath}, which enables units.",
            "Install it; Debian's package is systemd or init-system-helpers.");
        var environment = new Dictionary<string, string> { ["PATH"] = SearchPath };
        foreach (var name in Passed)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
                environment[name] = value;
        }

        var spec = new ProcessSpec { FileName = path, Arguments = arguments, Environment = environment, WorkingDirectory = "/" };
        return await ProgramRun.RunAsync(spec, Limit, watcher, TimeProvider.System, cancellation);
    }
}
