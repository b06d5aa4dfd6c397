using System.Runtime.Versioning;
using ServiceCtl.Client.Api;
using ServiceCtl.Client.Hosts;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Runners.Registry;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Units;

namespace ServiceCtl.Client;

/// <summary>Services, the agent and daemons as units of the operating system.</summary>
public sealed class UnitVerbs
{
    private readonly AgentConnection _agent;
    private readonly ServiceVerbs _services;

    internal UnitVerbs(AgentConnection agent, ServiceVerbs services)
    {
        _agent = agent;
        _services = services;
    }

    [SupportedOSPlatform("linux")]
    private UnitHost UnitHost => UnitHost.Of(LastingPath.Of(_agent.Executable), _agent.Paths.IsChosen ? _agent.Paths.Home : null,
        Environment.GetEnvironmentVariable);

    /// <summary>
    /// The units of a service. With systemd: one that runs the server without an agent, and one that holds its socket. With SysV: a script
    /// that orders the agent.
    /// </summary>
    /// <param name="name">The service.</param>
    /// <param name="type">Of which init system.</param>
    /// <param name="place">Where they are written, on the host of the service; null for nowhere.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ServiceNotFound"/>; <see cref="ErrorCode.ConfigInvalid"/>.</exception>
    public async Task<IReadOnlyList<PyServiceUnit>> MakeForServiceAsync(
        string name, ServiceUnitType type, UnitPlace? place, CancellationToken cancellation)
    {
        if (_agent.Host is { } host)
            return await MakeThereAsync(host, ["--", name], type, place, cancellation);
        return LocalHost.HasServices ? await MakeHereAsync(name, type, place, cancellation) : throw LocalHost.Unsupported();
    }

    [SupportedOSPlatform("linux")]
    private async Task<IReadOnlyList<PyServiceUnit>> MakeHereAsync(
        string name, ServiceUnitType type, UnitPlace? place, CancellationToken cancellation)
    {
        var definition = await _services.ReadDefinitionAsync(name, cancellation);
        return Placed(type == ServiceUnitType.SysV
            ? [SysVScripts.OfService(definition.Name, definition.Requires, UnitHost)]
            : SystemdUnits.OfService(definition, RunnerRegistry.PlanSocket(definition), UnitHost), place);
    }

    /// <summary>The unit of the agent, which brings back every service that is to run.</summary>
    /// <inheritdoc cref="MakeForServiceAsync"/>
    public async Task<IReadOnlyList<PyServiceUnit>> MakeForAgentAsync(
        ServiceUnitType type, UnitPlace? place, CancellationToken cancellation) =>
        _agent.Host is { } host
            ? await MakeThereAsync(host, ["--agent"], type, place, cancellation)
            : LocalHost.HasServices ? Placed([UnitOfAgent(type)], place) : throw LocalHost.Unsupported();

    /// <summary>The unit of a daemon, whose program is on the host that this is about.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: no such file, or a name that can't be one;
    /// <see cref="ErrorCode.RunnerMissing"/>.</exception>
    public async Task<IReadOnlyList<PyServiceUnit>> MakeForDaemonAsync(
        DaemonUnitRequest request, ServiceUnitType type, UnitPlace? place, CancellationToken cancellation)
    {
        if (_agent.Host is not { } host)
            return LocalHost.HasServices ? MakeForDaemonHere(request, type, place) : throw LocalHost.Unsupported();
        if (request.Arguments.Count > 0)
        {
            throw new ServiceCtlException(ErrorCode.InvalidArgument, request.Name,
                "A daemon's unit that is made on another host takes no arguments.",
                "Make it there, or give the daemon a script of its own.");
        }

        string[] about =
            [.. HostCommand.Value("--daemon", request.Program), .. HostCommand.Value("--user", request.User), "--", request.Name];
        return await MakeThereAsync(host, about, type, place, cancellation);
    }

    /// <summary>Has the init system start this user's agent at boot. An agent that runs is left alone.</summary>
    /// <returns>How it is now. That a host has no init system, or that this agent is not the one it would start, is a problem, not an
    /// error.</returns>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.System"/>: the unit can't be written or enabled.</exception>
    [SupportedOSPlatform("linux")]
    public async Task<AgentAtBoot> EnsureAtBootAsync(CancellationToken cancellation)
    {
        if (_agent.Paths.IsChosen)
        {
            return new AgentAtBoot(null, false,
                "SERVICECTL_HOME chooses an agent of its own, which nothing starts at boot. 'servicectl unit --agent' "
                    + "prints a unit for it; give that another name than servicectl.service.");
        }

        BootUnit boot;
        try
        {
            boot = BootUnit.Find();
        }
        catch (ServiceCtlException error) when (error.Code == ErrorCode.InvalidState)
        {
            return new AgentAtBoot(null, false, $"{error.Message} {error.Advice}");
        }

        var wasEnabled = boot.IsEnabled;
        // Its name is ours: one of an earlier version is replaced.
        var unit = boot.Packaged is { } packaged && !File.Exists(Path.Combine(boot.Folder, Path.GetFileName(packaged)))
            ? packaged
            : Write(boot.IsOfUser ? SystemdUnits.OfUsersAgent(UnitHost) : UnitOfAgent(boot.Type), boot.Folder, force: true).Path!;
        await boot.EnableAsync(cancellation);
        var problem = await boot.LingerAsync(cancellation)
            ? null
            : $"Your agent starts at your first login, not at boot. As root, 'loginctl enable-linger {Environment.UserName}' changes that.";
        return new AgentAtBoot(unit, !wasEnabled, problem);
    }

    [SupportedOSPlatform("linux")]
    private PyServiceUnit UnitOfAgent(ServiceUnitType type) =>
        type == ServiceUnitType.SysV ? SysVScripts.OfAgent(UnitHost) : SystemdUnits.OfAgent(UnitHost);

    [SupportedOSPlatform("linux")]
    private static IReadOnlyList<PyServiceUnit> MakeForDaemonHere(DaemonUnitRequest request, ServiceUnitType type, UnitPlace? place)
    {
        ServiceName.Require(request.Name);
        return Placed([type == ServiceUnitType.SysV ? SysVScripts.OfDaemon(request) : SystemdUnits.OfDaemon(request)], place);
    }

    private static async Task<IReadOnlyList<PyServiceUnit>> MakeThereAsync(
        PyServiceHost host, IReadOnlyList<string> about, ServiceUnitType type, UnitPlace? place, CancellationToken cancellation)
    {
        string[] folder = [.. HostCommand.Value("--destination", place?.Folder), .. HostCommand.Flag("--force", place?.Force == true)];
        var reply = await HostCommand.AskAsync(host, ["unit", "--json", "--type", type == ServiceUnitType.SysV ? "sysv" : "systemd",
            .. folder, .. about], AgentJson.Default.IReadOnlyListPyServiceUnit, cancellation);
        return reply.Whole;
    }

    [SupportedOSPlatform("linux")]
    private static IReadOnlyList<PyServiceUnit> Placed(IReadOnlyList<PyServiceUnit> units, UnitPlace? place) =>
        place is null ? units : [.. units.Select(unit => Write(unit, place.Folder, place.Force))];

    /// <summary>Writes a unit, whole or not at all.</summary>
    /// <param name="unit">What to write.</param>
    /// <param name="folder">Where; it is made if it is not there.</param>
    /// <param name="force">Replace what is there.</param>
    /// <returns>The unit, with its path.</returns>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.FileExists"/>: another file is there;
    /// <see cref="ErrorCode.System"/>.</exception>
    [SupportedOSPlatform("linux")]
    private static PyServiceUnit Write(PyServiceUnit unit, string folder, bool force)
    {
        var path = Path.Combine(ServiceFolder.Resolve(folder), unit.FileName);
        if (!force)
            PlacedFile.RequireFree(path, unit.Content);
        PlacedFile.Write(path, unit.Content, unit.Type == ServiceUnitType.SysV ? FileModes.Executable : FileModes.Readable);
        return unit with { Path = path };
    }
}
