using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Search;
using ServiceCtl.Engine.Configuration.Sources;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Services;

/// <summary>
/// Whom root's agent runs a service as. Who may write a service's configuration could have it run as root; so where others than root can,
/// the user is the one it was registered with, and only an order of root's changes that.
/// </summary>
internal static class PinnedUser
{
    /// <summary>Stands for a service that names no user.</summary>
    private const string Root = "root";

    public static string Of(ServiceDefinition definition) => definition.User ?? Root;

    /// <param name="reading">What the configuration says now, and every file and folder it was looked for in.</param>
    /// <param name="pinned">The user that the service was registered with; null when it is not registered yet.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.AccessDenied"/>: it is not to be run as that user.</exception>
    public static void Require(ServiceReading reading, string? pinned)
    {
        var definition = reading.Definition;
        var user = Of(definition);
        if (reading.Open is not { } open)
            return;
        if (IsRoot(user))
        {
            throw new ServiceCtlException(
                ErrorCode.AccessDenied, definition.Name, $"{definition.Name} would run as root, and others than root can change {open}.",
                $"Set service.user, or make {open} and every folder above it root's alone (chown root, chmod go-w).");
        }

        if (pinned is not null && !IsSame(user, pinned))
        {
            throw new ServiceCtlException(
                ErrorCode.AccessDenied, definition.Name,
                $"{definition.Name} was registered to run as {pinned}, and {open}, which others than root can change, has it run "
                    + $"as {user}.",
                $"Correct service.user; or, if {user} is right, unregister {definition.Name} and register it again.");
        }
    }

    /// <summary>
    /// Reads a configuration for the first time: once it says whom the service runs as, it is read with that user's rights.
    /// </summary>
    /// <param name="read">Reads it for a user; null: nobody is known.</param>
    /// <inheritdoc cref="Require"/>
    public static async Task<ServiceReading> ReadFirstAsync(Func<string?, Task<ServiceReading>> read)
    {
        var reading = await read(null);
        Require(reading, pinned: null);
        if (reading.Open is null)
            return reading;
        var user = Of(reading.Definition);
        reading = await read(user);
        Require(reading, user);
        return reading;
    }

    /// <inheritdoc cref="ServiceReading.Open"/>
    public static string? FindOpen(string configPath, SearchTrace trace) =>
        FindOpen(trace.Files.Concat(trace.Folders).Prepend(configPath));

    /// <summary>
    /// Who has to be able to read what a configuration names: where others than root can change it, it may name files of root's.
    /// </summary>
    /// <param name="places">The files and folders of the configuration that can name others.</param>
    /// <param name="user">Whom root runs the service as; null: nobody is known yet.</param>
    /// <returns>Null for whoever runs this.</returns>
    public static SourceReader? ReaderOf(IEnumerable<string> places, string? user) =>
        user is not null && Environment.IsPrivilegedProcess && !IsRoot(user) && FindOpen(places) is not null
            ? SourceReaders.Of(new FileActor(user, IsAlways: true)) : null;

    private static string? FindOpen(IEnumerable<string> places) =>
        Environment.IsPrivilegedProcess ? places.FirstOrDefault(place => !PlaceTrust.IsTrusted(place)) : null;

    /// <summary>
    /// May a program be run as that user only to look at the service? Where others could have written whom that is, root has to have
    /// registered it.
    /// </summary>
    public static bool IsVouchedFor(ServiceReading reading, string? pinned) => pinned is not null || reading.Open is null;

    private static bool IsRoot(string user) => IsSame(user, Root);

    private static bool IsSame(string one, string other) =>
        one == other || (LoginUser.Find(one) is { } user && user.UserId == LoginUser.Find(other)?.UserId);
}
