using System.Globalization;
using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Supervision;

/// <summary>A pid file, believed only as far as it can be checked.</summary>
internal static class PidFile
{
    private const int LongestPid = 32;

    /// <summary>The kernel tells start times in hundredths of a second since boot, and boot in whole seconds.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The living process that the file was written for. Null for a missing or unreadable file, for a pid nobody has, and for a pid
    /// that has gone to another program since: a process that began after the file was written can't be the one that wrote it.
    /// </summary>
    public static ProcessIdentity? ReadOwner(string? path, FileActor? user)
    {
        if (Read(path, user) is not { } pid || ProcessIdentity.Of(pid) is not { } process)
            return null;

        return ProcFs.StartTime(process) <= FileFacts.TimeOf(path!) + Slack ? process : null;
    }

    /// <summary>
    /// Removes the file if it holds this pid: the process has ended, and whatever took its number must not be taken for it.
    /// </summary>
    public static void RemoveIfHolds(string? path, int pid, FileActor? user)
    {
        if (Read(path, user) == pid)
            UserFiles.Use(user, Path.GetDirectoryName(path)!, () => File.Delete(path!));
    }

    private static int? Read(string? path, FileActor? user)
    {
        try
        {
            return path is not null && int.TryParse(Encoding.UTF8.GetString(UserFiles.ReadAll(user, path, LongestPid)).Trim(),
                NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && pid > 0
                ? pid
                : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ServiceCtlException)
        {
            return null;
        }
    }
}
