using System.Runtime.Versioning;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Catalog;

namespace ServiceCtl.Client;

/// <summary>Whose a deployed service is, where root deploys it.</summary>
[SupportedOSPlatform("linux")]
internal static class DeployActor
{
    /// <summary>The user that a service was registered with; null where it is not registered.</summary>
    public static string? PinnedOf(AgentPaths paths, string service) =>
        ServiceCatalog.Peek(paths.Catalog).FirstOrDefault(entry => entry.Name == service)?.User;

    /// <param name="user">Whose it is to be.</param>
    /// <param name="service">Its name.</param>
    /// <param name="places">What root would trust, where it is root's own.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.AccessDenied"/>: others than root could have root do it.</exception>
    public static FileActor? Of(string user, string service, IReadOnlyList<string> places)
    {
        if (user != "root")
            return new FileActor(user, IsAlways: true);
        return places.FirstOrDefault(place => !PlaceTrust.IsTrusted(place)) is not { } open ? null : throw new ServiceCtlException(
            ErrorCode.AccessDenied, service, $"{service} would be deployed by root, and others than root can change {open}.",
            $"Set service.user, or make {open} and every folder above it root's alone (chown root, chmod go-w).");
    }
}
