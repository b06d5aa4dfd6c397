using System.Threading.Channels;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Logs;

/// <summary>Waits, with inotify, until a log is written, made or renamed. What happens between two waits is not missed.</summary>
internal sealed class LogFolderWatch : IDisposable
{
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly FileSystemWatcher _watcher;

    /// <exception cref="ServiceCtlException">There is no such folder, or the user has no inotify instance left.</exception>
    internal LogFolderWatch(string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        try
        {
            _watcher = new FileSystemWatcher(folder, Path.GetFileName(path)) { NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite | NotifyFilters.Size };
            _watcher.Changed += Note;
            _watcher.Created += Note;
            _watcher.Deleted += Note;
            _watcher.Renamed += Note;
            _watcher.Error += Note;
            _watcher.EnableRaisingEvents = true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            _watcher?.Dispose();
            throw new ServiceCtlException(
                ErrorCode.System, folder, $"The log folder {folder} can't be followed: {error.Message}",
                Directory.Exists(folder) ? "Raise fs.inotify.max_user_instances or max_user_watches, or end other followers." : "It is made at the first start of the service.",
                error);
        }
    }

    internal async ValueTask WaitAsync(CancellationToken cancellation) => await _changes.Reader.ReadAsync(cancellation);

    public void Dispose() => _watcher.Dispose();

    private void Note(object sender, EventArgs change) => _changes.Writer.TryWrite(true);
}
