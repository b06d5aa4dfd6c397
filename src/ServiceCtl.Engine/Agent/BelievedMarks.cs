using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Scopes;
using ServiceCtl.Engine.Services.Catalog;

namespace ServiceCtl.Engine.Agent;

/// <summary>
/// Which marked processes are a service's. Everybody on this host can write its mark into the environment of a program, and would have
/// root take a socket from that for the service's own, or a number that is none.
/// </summary>
internal static class BelievedMarks
{
    /// <param name="marked">What carries the mark of this service.</param>
    /// <param name="entry">The service.</param>
    public static IReadOnlyList<FoundScope> Of(IEnumerable<FoundScope> marked, CatalogEntry entry) =>
        // Others' environments are shown to root alone. What runs as root may have started helpers as anybody.
        Environment.IsPrivilegedProcess && entry.User is { } name && LoginUser.Find(name) is { UserId: not 0 } user
            ? [.. marked.Select(scope => scope.OfUser(user.UserId)).OfType<FoundScope>()] : [.. marked];
}
