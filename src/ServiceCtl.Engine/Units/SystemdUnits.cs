using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Scopes;
using ServiceCtl.Engine.Runners;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Engine.Units;

/// <summary>
/// Units of systemd (240 or newer): of the agent, which owns all services of a host; of one service that systemd owns itself, through
/// <c>servicectl run</c>; of a daemon. docs/architecture.md says why a service's unit needs no agent.
/// </summary>
internal static class SystemdUnits
{
    public const string AgentName = "servicectl";

    private static readonly string[] Homes = ["/home/", "/root/", "/run/user/"];

    private static readonly TimeSpan Watchdog = TimeSpan.FromSeconds(30);

    /// <summary>What a start or stop may take beyond the service's own limit.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(15);

    public static PyServiceUnit OfAgent(UnitHost host)
    {
        var text = new UnitText()
            .Section("Unit")
            .Set("Description", "ServiceCtl agent, which owns the Python services of this host")
            .Set("Wants", "network-online.target")
            .Set("After", "network-online.target")
            .Section("Service")
            .Set("Type", "notify")
            .Set("NotifyAccess", "main")
            .Set("ExecStart", UnitText.CommandLine(host.Program, ["agent", "run"]));
        SetEnvironment(text, host)
            .Set("Restart", "always")
            .Set("RestartSec", "100ms")
            .Set("TimeoutStartSec", "120")
            .Set("WatchdogSec", Watchdog)
            .Comment(
                "Services outlive the agent, and the next one takes them on: only the agent itself is ended, and what they need is kept.")
            .Set("KillMode", "process")
            .Set("RuntimeDirectory", host.Home is null ? "servicectl" : null)
            .Set("RuntimeDirectoryMode", host.Home is null ? "0700" : null)
            .Set("RuntimeDirectoryPreserve", host.Home is null ? "yes" : null)
            .Set("StateDirectory", host.Home is null ? "servicectl" : null)
            .Set("StateDirectoryMode", host.Home is null ? "0700" : null)
            .Comment("It divides its cgroup among the services. One of them that runs out of memory is no reason to end the agent.")
            .Set("Delegate", "yes")
            .Set("OOMPolicy", "continue")
            .Set("LimitNOFILE", $"{InheritedSession.UsualFiles}")
            .Comment("This holds for the services as well, so it is what no service needs.")
            .Set("ProtectKernelModules", "yes")
            .Set("ProtectKernelLogs", "yes")
            .Set("ProtectHostname", "yes")
            .Set("LockPersonality", "yes")
            .Section("Install")
            .Set("WantedBy", "multi-user.target");
        return Unit(AgentName, ".service", text);
    }

    /// <summary>
    /// For <c>systemctl --user</c>: the user's own manager knows no network target, and shuts nothing off from the agent that its user may
    /// use.
    /// </summary>
    public static PyServiceUnit OfUsersAgent(UnitHost host)
    {
        var text = new UnitText()
            .Section("Unit")
            .Set("Description", "ServiceCtl agent, which owns the Python services of this user")
            .Section("Service")
            .Set("Type", "notify")
            .Set("NotifyAccess", "main")
            .Set("ExecStart", UnitText.CommandLine(host.Program, ["agent", "run"]));
        SetEnvironment(text, host)
            .Set("Restart", "always")
            .Set("RestartSec", "100ms")
            .Set("TimeoutStartSec", "120")
            .Set("WatchdogSec", Watchdog)
            .Comment("Services outlive the agent, and the next one takes them on: only the agent itself is ended.")
            .Set("KillMode", "process")
            .Set("Delegate", "yes")
            .Set("OOMPolicy", "continue")
            .Section("Install")
            .Set("WantedBy", "default.target");
        return Unit(AgentName, ".service", text);
    }

    /// <param name="definition">The service.</param>
    /// <param name="plan">Where it listens. A socket that can be passed becomes a unit of its own.</param>
    /// <param name="host">This installation.</param>
    public static IReadOnlyList<PyServiceUnit> OfService(ServiceDefinition definition, SocketPlan plan, UnitHost host)
    {
        var name = definition.Name;
        var socket = plan.Passed > 0 ? OfSocket(name, plan) : null;
        // Wanted, not required: what it needs may be called otherwise here, or be on another host.
        var others = string.Join(' ', ["network-online.target", .. definition.Requires.Select(other => $"{other}.service")]);
        var text = new UnitText()
            .Section("Unit")
            .Set("Description", $"{name} (Python service, {definition.Runner})")
            .Set("Wants", others)
            .Set("After", others)
            .Set("Requires", socket?.FileName)
            .Set("StartLimitIntervalSec", definition.Restart.GiveUpWindow)
            .Set("StartLimitBurst", FormattableString.Invariant($"{definition.Restart.GiveUpAfter}"))
            .Section("Service")
            .Set("Type", "notify")
            .Set("NotifyAccess", "main")
            .Set("ExecStart",
                UnitText.CommandLine(host.Program,
                    ["run", definition.ConfigPath, "--name", name,
                        .. definition.Sources.SelectMany(source => new[] { "--source", source })]))
            .Set("WorkingDirectory", UnitText.Value(definition.Folder))
            .Set("User", UnitText.ValueOrNone(definition.User))
            .Set("Environment", UnitText.Variable("SERVICECTL_HOME", "/run/servicectl-" + name));
        SetEnvironment(text, host with { Home = null })
            .Set("RuntimeDirectory", "servicectl-" + name)
            .Set("RuntimeDirectoryMode", "0700")
            .Set("LogsDirectory", "servicectl-" + name)
            .Set("Restart",
                definition.Restart.When switch { RestartWhen.Never => "no", RestartWhen.OnFailure => "on-failure", _ => "always" })
            .Set("RestartSec", definition.Restart.Delay)
            .Set("TimeoutStartSec", definition.Ready.Timeout + Margin)
            .Set("TimeoutStopSec", definition.Stop.Timeout + Margin)
            .Set("WatchdogSec", Watchdog)
            .Comment("servicectl lets the server finish its requests; who is left after that is killed.")
            .Set("KillMode", "mixed")
            .Set("Delegate", "yes");
        Harden(text, UnderHome(definition.Folder) || (definition.VirtualEnvironment is { } environment && UnderHome(environment)),
            definition.Sandbox);
        SetSandbox(text, definition)
            .Section("Install")
            .Set("WantedBy", "multi-user.target")
            .Set("Also", socket?.FileName);
        var service = Unit(name, ".service", text);
        return socket is null ? [service] : [service, socket];
    }

    public static PyServiceUnit OfDaemon(DaemonUnitRequest request)
    {
        var command = DaemonCommand.Of(request);
        var text = new UnitText()
            .Section("Unit")
            .Set("Description", $"{request.Name} (daemon)")
            .Section("Service")
            .Set("Type", command.Notifies ? "notify" : "exec")
            .Set("NotifyAccess", command.Notifies ? "main" : null)
            .Set("ExecStart", UnitText.CommandLine(command.Program, command.Arguments))
            .Set("WorkingDirectory", UnitText.Value(Path.GetDirectoryName(request.Program)!))
            .Set("User", UnitText.ValueOrNone(request.User))
            .Set("Restart", "on-failure")
            .Set("RestartSec", "2")
            .Set("WatchdogSec", command.Notifies ? UnitText.Seconds(Watchdog) : null)
            .Comment("Passive daemons finish what they do.")
            .Set("TimeoutStopSec", "90")
            .Set("KillMode", "mixed");
        Harden(text, UnderHome(request.Program)).Section("Install").Set("WantedBy", "multi-user.target");
        return Unit(request.Name, ".service", text);
    }

    private static PyServiceUnit OfSocket(string name, SocketPlan plan)
    {
        var isUnix = plan.Addresses.Any(served => served.Address.UnixPath is not null);
        var text = new UnitText()
            .Section("Unit")
            .Set("Description", $"Socket of {name}: connections wait here while it starts and restarts")
            .Section("Socket");
        foreach (var served in plan.Addresses)
            text.Set("ListenStream", UnitText.Value(served.ToString()));
        text.Set("Backlog", FormattableString.Invariant($"{plan.Backlog}"))
            .Set("SocketMode", isUnix ? Convert.ToString((int)plan.Access.Mode, 8).PadLeft(4, '0') : null)
            .Set("SocketUser", isUnix ? UnitText.ValueOrNone(plan.Access.Owner ?? plan.Access.Maker) : null)
            .Set("SocketGroup", isUnix ? UnitText.ValueOrNone(plan.Access.Group) : null)
            .Section("Install")
            .Set("WantedBy", "sockets.target");
        return Unit(name, ".socket", text);
    }

    private static UnitText SetEnvironment(UnitText text, UnitHost host)
    {
        foreach (var (name, value) in host.Environment)
            text.Set("Environment", UnitText.Variable(name, value));
        return text;
    }

    /// <summary>
    /// What <c>service.sandbox</c> says, by systemd's own means: a service that systemd starts as its user could not do it itself.
    /// </summary>
    private static UnitText SetSandbox(UnitText text, ServiceDefinition definition)
    {
        var sandbox = definition.Sandbox;
        if ((sandbox.Capabilities ?? (definition.User is null ? null : [])) is { } kept && !kept.Contains(ScopeSandbox.All))
        {
            var names = string.Join(' ', kept.Select(name => "CAP_" + name.ToUpperInvariant()));
            text.Set("CapabilityBoundingSet", names)
                .Set("AmbientCapabilities", definition.User is null || names.Length == 0 ? null : names);
        }

        if (sandbox.ProtectHome)
            text.Set("BindPaths", UnitText.Words(Own(definition).Where(UnderHome)));
        if (sandbox.ReadOnly.Count > 0)
            text.Set("ReadOnlyPaths", UnitText.Words(sandbox.ReadOnly))
                .Set("ReadWritePaths", UnitText.Words(definition.DirectoriesToCreate.Select(folder => "-" + folder)));
        return text.Set("PrivateTmp", sandbox.PrivateTmp ? "yes" : null);
    }

    private static IEnumerable<string> Own(ServiceDefinition definition) =>
        definition.VirtualEnvironment is { } environment ? [definition.Folder, environment] : [definition.Folder];

    /// <summary>What a server or daemon can do without. Not here, as it breaks just-in-time compilers: MemoryDenyWriteExecute.</summary>
    private static UnitText Harden(UnitText text, bool isUnderHome, ScopeSandbox? sandbox = null) => text
        .Comment("Hardening. Loosen what the program really needs.")
        .Set("NoNewPrivileges", sandbox?.NoNewPrivileges == false ? "no" : "yes")
        .Set("ProtectSystem", "full")
        .Set("ProtectHome", sandbox?.ProtectHome == true ? "tmpfs" : isUnderHome ? null : "read-only")
        .Set("PrivateDevices", "yes")
        .Set("ProtectKernelTunables", "yes")
        .Set("ProtectKernelModules", "yes")
        .Set("ProtectKernelLogs", "yes")
        .Set("ProtectClock", "yes")
        .Set("ProtectHostname", "yes")
        .Set("RestrictAddressFamilies", "AF_UNIX AF_INET AF_INET6 AF_NETLINK")
        .Set("RestrictNamespaces", "yes")
        .Set("RestrictRealtime", "yes")
        .Set("RestrictSUIDSGID", "yes")
        .Set("LockPersonality", "yes")
        .Set("SystemCallArchitectures", "native");

    private static bool UnderHome(string path) => Homes.Any(home => path.StartsWith(home, StringComparison.Ordinal));

    private static PyServiceUnit Unit(string name, string suffix, UnitText text) =>
        new() { Name = name, Type = ServiceUnitType.Systemd, FileName = name + suffix, Content = text.ToString() };
}
