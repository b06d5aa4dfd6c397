using System.Threading.Channels;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Logs;

/// <summary>
/// Waits, with inotify, until a log is written, made or renamed; its folder may be made later, too. What happens between two waits is
/// not missed.
/// </summary>
internal sealed class LogFolderWatch : IDisposable
{
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly string _path;
    private FileSystemWatcher _watcher;
    private string _watched;

    /// <exception cref="ServiceCtlException">The user has no inotify instance left, or may not read the folder.</exception>
    internal LogFolderWatch(string path)
    {
        _path = path;
        (_watcher, _watched) = Watch();
    }

    /// <summary>Completes when something has happened.</summary>
    /// <exception cref="ServiceCtlException">The folder has come, and can't be followed.</exception>
    internal async ValueTask WaitAsync(CancellationToken cancellation)
    {
        await _changes.Reader.ReadAsync(cancellation);
        if (_watched == _path)
            return;
        _watcher.Dispose();
        (_watcher, _watched) = Watch();
    }

    public void Dispose() => _watcher.Dispose();

    private (FileSystemWatcher Watcher, string Watched) Watch()
    {
        while (true)
        {
            // As long as the folder is not there: what comes in the nearest one that is.
            var watched = _path;
            while (!Directory.Exists(Path.GetDirectoryName(watched)))
                watched = Path.GetDirectoryName(watched)!;
            var watcher = Open(watched);
            // Its folder may have been made, or deleted, just before the watch began.
            if (watched == _path || !Path.Exists(watched))
                return (watcher, watched);
            watcher.Dispose();
        }
    }

    private FileSystemWatcher Open(string watched)
    {
        var folder = Path.GetDirectoryName(watched)!;
        FileSystemWatcher? watcher = null;
        try
        {
            watcher = new FileSystemWatcher(folder, Path.GetFileName(watched))
            {
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size,
            };
            watcher.Changed += Note;
            watcher.Created += Note;
            watcher.Deleted += Note;
            watcher.Renamed += Note;
            watcher.Error += Note;
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            watcher?.Dispose();
            throw new ServiceCtlException(
                ErrorCode.System, folder, $"The log folder {folder} can't be followed: {error.Message}",
                "Raise fs.inotify.max_user_instances or max_user_watches, or end other followers.", error);
        }
    }

    private void Note(object sender, EventArgs change) => _changes.Writer.TryWrite(true);
}
