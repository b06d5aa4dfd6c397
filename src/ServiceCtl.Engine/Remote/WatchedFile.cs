using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Configuration.Search;
using ServiceCtl.Engine.Configuration.Sources;
using ServiceCtl.Engine.Configuration.Templates;
using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Services.Watching;

namespace ServiceCtl.Engine.Remote;

/// <summary>A file whose content is pushed, now and whenever it changes. One that is not there pushes nothing.</summary>
internal sealed class WatchedFile : IFollowedFiles, IDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private readonly string _path;
    private readonly PathWatch _watch;
    private readonly Func<string, string, ConfigFormat, Task> _push;
    private readonly Action<string> _warn;
    private readonly QuietPeriod _period;
    private readonly SemaphoreSlim _reading = new(1);
    private volatile bool _isOver;

    /// <param name="path">Absolute.</param>
    /// <param name="watch">Notices changes.</param>
    /// <param name="time">The clock.</param>
    /// <param name="push">Gets the text, who pushes it, and its format.</param>
    /// <param name="warn">Hears that the file can't be read.</param>
    /// <exception cref="ServiceCtlException">This user has too many inotify watches.</exception>
    public WatchedFile(string path, PathWatch watch, TimeProvider time, Func<string, string, ConfigFormat, Task> push, Action<string> warn)
    {
        _path = path;
        _watch = watch;
        _push = push;
        _warn = warn;
        _period = new QuietPeriod(time, Quiet, Longest, () => _ = ReadAsync());
        _watch.Arm(this);
        _ = ReadAsync();
    }

    public IReadOnlySet<(string Folder, string Name)> Trail { get; set; } = new HashSet<(string, string)>();

    public IReadOnlySet<(string Folder, string Name)> FindWatchPoints() => WatchPoints.Of(_path);

    public void Signal()
    {
        if (!_isOver)
            _period.Signal();
    }

    public void Dispose()
    {
        _isOver = true;
        _watch.Forget(this);
        _period.Dispose();
    }

    private async Task ReadAsync()
    {
        await _reading.WaitAsync();
        try
        {
            if (_isOver)
                return;
            // First the watches, then the file: a change in between is one more signal, not one that is missed.
            _watch.Arm(this);
            var text = await SourceFile.ReadAsync(_path, CancellationToken.None);
            await _push(text.Text, _path, ConfigurationTemplate.FormatOf(_path));
        }
        catch (ServiceCtlException missing) when (missing.Code == ErrorCode.ConfigNotFound)
        {
            // It may come.
        }
        catch (Exception error) when (error is MalformedSourceException or ServiceCtlException)
        {
            _warn($"{_path} can't be pushed: {error.Message}");
        }
        finally
        {
            _reading.Release();
        }
    }
}
