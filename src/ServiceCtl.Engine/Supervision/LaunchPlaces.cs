using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>
/// Which folders a generation was launched with. Their paths may lead elsewhere by now: a link was moved, another folder was renamed to
/// this name, a virtualenv was made again. A server that reloads does not notice: uWSGI goes back to the folder it started in by the name
/// that getcwd(2) gave, without links, and gunicorn's master keeps its interpreter and the path of its start.
/// </summary>
internal sealed record LaunchPlaces
{
    public FileIdentity? Folder { get; init; }

    public FileIdentity? VirtualEnvironment { get; init; }

    public static LaunchPlaces Of(ServiceDefinition definition) => new()
    {
        Folder = IdentityOf(definition.Folder),
        VirtualEnvironment = definition.VirtualEnvironment is { } environment ? IdentityOf(environment) : null,
    };

    /// <summary>
    /// The first of a definition's folders that is another one than at the launch; null when none is. What is gone, or was never known, has
    /// not moved.
    /// </summary>
    public string? FindMoved(ServiceDefinition definition)
    {
        var now = Of(definition);
        return IsMoved(Folder, now.Folder) ? definition.Folder
            : IsMoved(VirtualEnvironment, now.VirtualEnvironment) ? definition.VirtualEnvironment
            : null;
    }

    /// <summary>Why a hot restart would not get to where the service is now; null when it would.</summary>
    /// <param name="places">Of the running generation.</param>
    /// <param name="running">What it runs with.</param>
    /// <param name="folder">By which path the service's folder is known now.</param>
    public static string? FindMove(LaunchPlaces places, ServiceDefinition running, string folder)
    {
        const string Stays = "has become another folder since its start and a hot restart would stay in the old one";
        if (places.FindMoved(running) is { } moved)
            return $"{moved} {Stays}";
        // What is gone has not moved.
        if (ReleasePlace.RealPathOf(folder) is not { } now || now == ReleasePlace.RealPathOf(running.Folder))
            return null;
        return running.Release?.Leads(folder) == true ? $"{folder} {Stays}" : $"its folder was renamed to {folder} since its start";
    }

    private static bool IsMoved(FileIdentity? then, FileIdentity? now) => then is not null && now is not null && then != now;

    private static FileIdentity? IdentityOf(string folder) => FileFacts.TryOf(folder)?.Identity;
}
