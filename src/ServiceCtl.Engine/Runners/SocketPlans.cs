using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners;

/// <summary>Plans for services that say in <c>service.listen</c> where they listen.</summary>
internal static class SocketPlans
{
    public static SocketPlan Of(ServiceDefinition definition, SocketMode usual) => definition.Listen is { } address
        ? new SocketPlan { Addresses = [new ServedAddress(address, WireProtocol.Http)], IsHeld = (definition.Socket ?? usual) == SocketMode.Pass }
        : SocketPlan.None;

    /// <summary>Several processes can share one socket that is passed to them, but not bind the same address each.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigInvalid"/>.</exception>
    public static void RequireShareable(LaunchRequest request, int instances)
    {
        var definition = request.Definition;
        if (instances > 1 && definition.Listen is { } listen && !request.HasSocket)
        {
            throw new ServiceCtlException(
                ErrorCode.ConfigInvalid, definition.Name, $"{definition.Name} can't run {instances} instances: each would bind {listen} itself, and only one can.",
                $"In {definition.ConfigPath}, have the socket passed to them (write {{fd}} in service.command, or 'socket: pass' for a program that takes LISTEN_FDS), "
                + "take service.listen out if they listen on ports of their own, or set service.instances to 1.");
        }
    }

    /// <inheritdoc cref="RequireOwnProof"/>
    public static bool NeedsOwnProof(LaunchRequest request) =>
        request is { HasSocket: true, Connect: null, Definition.Ready: { LogPattern: null, Notify: false, Delay: null } };

    /// <summary>
    /// Generations share a Unix socket, so that whoever answers there may be the old one. A launch with no other way to be asked has to
    /// show by itself that it is ready.
    /// </summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigInvalid"/>.</exception>
    public static void RequireOwnProof(LaunchRequest request)
    {
        if (NeedsOwnProof(request))
        {
            throw new ServiceCtlException(
                ErrorCode.ConfigInvalid, request.Definition.Name,
                $"Nothing can tell when a new generation of {request.Definition.Name} is ready: on a Unix socket the old one may be who answers.",
                $"Set service.ready.log, notify or delay in {request.Definition.ConfigPath}, or let it listen on TCP.");
        }
    }
}
