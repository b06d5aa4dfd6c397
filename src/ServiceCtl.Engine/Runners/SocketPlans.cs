using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Engine.Runners;

/// <summary>Plans for services that say in <c>service.listen</c> where they listen, or in words of their own as plain.</summary>
internal static class SocketPlans
{
    private const int Everything = 0b111_111_111;
    private const int UsualMask = (int)InheritedSession.UsualMask;

    /// <param name="definition">The service's.</param>
    /// <param name="usual">Who opens its socket where nothing is said of it.</param>
    /// <param name="file">What its server would make of a Unix socket's file; null for what any program makes.</param>
    /// <param name="isTls">Does the server speak TLS on all of them, by its own configuration?</param>
    public static SocketPlan Of(
        ServiceDefinition definition, SocketMode usual, Func<SocketPermissions>? file = null, bool isTls = false) =>
        Of(definition, definition.Listens, usual, file, isTls);

    /// <inheritdoc cref="Of(ServiceDefinition, SocketMode, Func{SocketPermissions}?, bool)"/>
    public static SocketPlan Of(ServiceDefinition definition, IReadOnlyList<ListenAddress> addresses, SocketMode usual,
        Func<SocketPermissions>? file = null, bool isTls = false) => addresses.Count > 0
        ? new SocketPlan
        {
            Addresses = [.. addresses.Select(address => ServedOn(address, definition, isTls))],
            IsHeld = (definition.Socket ?? usual) == SocketMode.Pass,
            Access = AccessOf(definition, addresses.All(address => address.UnixPath is null) ? null : file?.Invoke()),
        }
        : SocketPlan.None;

    /// <summary>What is spoken on an address: if its server doesn't say, an <c>https</c> page of the service there does.</summary>
    public static ServedAddress ServedOn(ListenAddress address, ServiceDefinition definition, bool isTls = false) =>
        new(address, isTls || TlsRule.IsSpokenOn(address, definition) ? WireProtocol.Https : WireProtocol.Http);

    /// <summary>Several processes can share one socket that is passed to them, but not bind the same address each.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigInvalid"/>.</exception>
    public static void RequireShareable(LaunchRequest request, int instances)
    {
        var definition = request.Definition;
        if (instances > 1 && definition.Listen is { } listen && !request.HasSocket)
        {
            throw new ServiceCtlException(
                ErrorCode.ConfigInvalid, definition.Name,
                $"{definition.Name} can't run {instances} instances: each would bind {listen} itself, and only one can.",
                $"In {definition.ConfigPath}, have the socket passed to them (write {{fd}} in service.command, or 'socket: pass' for a "
                    + "program that takes LISTEN_FDS), take service.listen out if they listen on ports of their own, or set "
                    + "service.instances to 1.");
        }
    }

    /// <summary>
    /// Who may connect to a Unix socket: what the configuration says, and for the rest what the server would have made of it.
    /// </summary>
    public static SocketFileAccess AccessOf(ServiceDefinition definition, SocketPermissions? usual) => new(
        definition.Permissions?.Mode ?? usual?.Mode ?? (UnixFileMode)(Everything & ~(definition.FileMask ?? UsualMask)),
        definition.User,
        definition.Permissions?.Owner ?? usual?.Owner,
        definition.Permissions?.Group ?? usual?.Group);

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigInvalid"/>: permissions are asked for of a socket that the program
    /// makes itself.</exception>
    public static void RequireOurs(ServiceDefinition definition, SocketPlan plan)
    {
        if (definition.Permissions is not null && !plan.IsHeld)
        {
            throw new ServiceCtlException(
                ErrorCode.ConfigInvalid, definition.Name,
                $"service.listen of {definition.Name} says who may connect to its socket, but the program makes that socket itself.",
                $"In {definition.ConfigPath}, have the socket passed ('socket: pass', or {{fd}} in service.command), or leave mode, owner "
                    + "and group out and tell the program.");
        }
    }

    /// <inheritdoc cref="RequireOwnProof"/>
    public static bool NeedsOwnProof(LaunchRequest request) =>
        request is { HasSocket: true, Connect: null, Definition.Ready: { LogPattern: null, Notify: false, Delay: null } };

    /// <summary>
    /// Where generations have to share a Unix socket, whoever answers there may be the old one. A launch with no other way to be asked has
    /// to show by itself that it is ready.
    /// </summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigInvalid"/>.</exception>
    public static void RequireOwnProof(LaunchRequest request)
    {
        if (NeedsOwnProof(request))
        {
            throw new ServiceCtlException(
                ErrorCode.ConfigInvalid, request.Definition.Name,
                $"Nothing can tell when a new generation of {request.Definition.Name} is ready: on a Unix socket that generations share "
                    + "the old one may be who answers.",
                $"Set service.ready.log, notify or delay in {request.Definition.ConfigPath}, or let it listen on TCP.");
        }
    }
}
