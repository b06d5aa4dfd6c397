using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>The link to the release that serves.</summary>
internal static class ReleaseLink
{
    /// <summary>Sees, before anything is launched, that the link can be one.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: something else has its name, or there is no folder
    /// for it.</exception>
    public static void Require(string service, ReleasePlace release)
    {
        if (FileFacts.TryOfLink(release.Link) is { IsLink: false } other)
        {
            throw new ServiceCtlException(
                ErrorCode.InvalidArgument, service, $"{release.Link} is a {(other.IsFolder ? "folder" : "file")}, not a link to a release.",
                $"Move it away: 'mv {release.Link} {release.Link}.before'. What runs from it goes on.");
        }

        if (!Directory.Exists(Path.GetDirectoryName(release.Link)))
            throw new ServiceCtlException(
                ErrorCode.InvalidArgument, service, $"There is no folder {Path.GetDirectoryName(release.Link)} for the link.", "Make it.");
    }

    /// <summary>
    /// From one moment to the next the link leads there. With the rights of the service's user where others than root can change the
    /// place, so that it is never made through what somebody has planted.
    /// </summary>
    /// <exception cref="IOException">It can't be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public static void Point(ReleasePlace release, FileActor? user)
    {
        if (ReleasePlace.RealPathOf(release.Link) == release.Folder)
            return;
        UserFiles.Use(user, Path.GetDirectoryName(release.Link)!, () => SymbolicLink.Point(release.Link, release.Folder));
    }

    public static ServiceCtlException Refused(string service, ReleasePlace release, Exception error) => new(
        ErrorCode.System, service,
        $"{release.Link} can't be pointed at {release.Folder}, and {service} was left as it was: {error.Message.TrimEnd('.')}.",
        $"See to the rights and the room of {Path.GetDirectoryName(release.Link)}, and of the agent's state.", error);
}
