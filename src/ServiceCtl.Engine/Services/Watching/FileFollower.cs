using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;

namespace ServiceCtl.Engine.Services.Watching;

/// <summary>
/// Has files read again whenever something happened to them. A burst of changes is one reading, and no reading overlaps another.
/// </summary>
internal sealed class FileFollower : IFollowedFiles, IDisposable
{
    /// <summary>Editors, and tools that copy several files, make a burst of changes; a human waits no longer than this.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private readonly PathWatch _watch;
    private readonly Func<IReadOnlySet<(string Folder, string Name)>> _findWatchPoints;
    private readonly Func<CancellationToken, Task> _read;
    private readonly Action<ServiceCtlException> _fail;
    private readonly QuietPeriod _period;
    private readonly SemaphoreSlim _reading = new(1);
    private readonly CancellationTokenSource _end = new();

    /// <param name="watch">Notices changes.</param>
    /// <param name="time">The clock.</param>
    /// <param name="findWatchPoints">The folders and names whose change is of interest.</param>
    /// <param name="read">Reads the files. Called on threads of the pool.</param>
    /// <param name="fail">Hears why they could not be read, or watched.</param>
    public FileFollower(
        PathWatch watch, TimeProvider time, Func<IReadOnlySet<(string Folder, string Name)>> findWatchPoints,
        Func<CancellationToken, Task> read, Action<ServiceCtlException> fail)
    {
        _watch = watch;
        _findWatchPoints = findWatchPoints;
        _read = read;
        _fail = fail;
        _period = new QuietPeriod(time, Quiet, Longest, () => _ = ReadAsync());
    }

    public IReadOnlySet<(string Folder, string Name)> Trail { get; set; } = new HashSet<(string, string)>();

    public IReadOnlySet<(string Folder, string Name)> FindWatchPoints() => _findWatchPoints();

    /// <summary>Watches the way to the files as it is now.</summary>
    /// <exception cref="ServiceCtlException">This user has too many inotify watches.</exception>
    public void Arm()
    {
        if (!_end.IsCancellationRequested)
            _watch.Arm(this);
    }

    public void Signal()
    {
        if (!_end.IsCancellationRequested)
            _period.Signal();
    }

    /// <summary>Reads the files now.</summary>
    public async Task ReadAsync()
    {
        try
        {
            await _reading.WaitAsync(_end.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        try
        {
            // First the watches, then the files: a change in between is one more signal, not one that is missed.
            Arm();
            await _read(_end.Token);
        }
        catch (ServiceCtlException fault)
        {
            _fail(fault);
        }
        catch (OperationCanceledException)
        {
            // They are not followed any longer.
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose()
    {
        _end.Cancel();
        _watch.Forget(this);
        _period.Dispose();
    }
}
