using ServiceCtl.Contracts;
using ServiceCtl.Engine.Logs.Files;

namespace ServiceCtl.Engine.Logs.Rotation;

/// <summary>
/// The file that takes a captured log, and when it gives place to the next: at the end of the line with which it is full or old enough.
/// For one thread at a time.
/// </summary>
internal sealed class RotatingLog : IDisposable
{
    /// <summary>Bytes. Lines up to this length are never split between two files.</summary>
    internal const int LongestKeptLine = 1024 * 1024;

    private static readonly TimeSpan RetryRotation = TimeSpan.FromMinutes(1);

    private readonly string _path;
    private readonly IRotationObserver _observer;
    private readonly RotatedFiles _rotated;
    private LogFile? _file;
    private TimeIndex? _times;
    private long _rotateAt;
    private DateTimeOffset _begun;
    private DateTimeOffset _failedAt;
    private bool _rotationFails;

    /// <param name="path">The file; what is in it is kept.</param>
    /// <param name="settings">When to rotate, and what to keep.</param>
    /// <param name="observer">Hears of rotations.</param>
    internal RotatingLog(string path, LogSettings settings, IRotationObserver observer)
    {
        _path = path;
        _observer = observer;
        _rotated = RotatedFiles.Load(path);
        Settings = settings;
    }

    internal LogSettings Settings
    {
        get;
        set
        {
            field = value;
            _rotateAt = value.MaxSize;
        }
    }

    /// <summary>Null while nothing is to be written.</summary>
    internal LogFile? File => _file;

    internal IReadOnlyList<RotatedFile> Rotated => _rotated.Files;

    internal void Open()
    {
        Close();
        _file = LogFile.Open(_path);
        _times = new TimeIndex(TimeIndex.PathOf(_path, 0), _file.Length == 0 ? _file.Begun : DateTimeOffset.MinValue);
        _rotateAt = Settings.MaxSize;
        _begun = _file.Begun;
    }

    /// <summary>Opens it where it is closed, or another file has its name.</summary>
    internal void OpenUnlessCurrent()
    {
        if (_file?.Refresh() != true)
            Open();
    }

    internal void Close()
    {
        _file?.Dispose();
        _file = null;
        _times?.Dispose();
        _times = null;
    }

    /// <summary>
    /// Closes the files until something is printed: hundreds of services may never print, and at each spawn the kernel copies and closes
    /// every descriptor of ours. Files that end within a line stay open, as a sign of that.
    /// </summary>
    internal void CloseAtLineEnd()
    {
        if (_file!.EndsAtLineEnd())
            Close();
    }

    /// <summary>From here on, lines come from this generation.</summary>
    internal void MarkGeneration(DateTimeOffset now, int generation)
    {
        if (_file is null)
            Open();
        _times!.Write(_file!.Length, now, generation);
    }

    /// <summary>Rotates the file if it is due and ends with a line.</summary>
    /// <returns>How many bytes may follow; null: the rest of the line, and no more.</returns>
    internal long? MakeRoom(DateTimeOffset now, int generation)
    {
        if (IsDue(now))
        {
            if (!_file!.EndsAtLineEnd() && _file.Length - _rotateAt < LongestKeptLine)
            {
                // One that is due by its age keeps its last line whole as well, and no more than that.
                _rotateAt = Math.Min(_rotateAt, _file.Length);
                return null;
            }

            Rotate(now, generation);
        }

        return _rotateAt - _file!.Length;
    }

    /// <summary>Is to be called before bytes are written: whoever sees them finds their time.</summary>
    internal void BeginBlock(DateTimeOffset now, int generation) => _times!.Mark(_file!.Length, now, generation);

    /// <summary>Bytes were written, the first of them at this place of the file.</summary>
    internal void EndBlock(long from, long count, DateTimeOffset now)
    {
        // A file that lay empty does not age.
        if (from == 0 && count > 0)
            _begun = now;
    }

    /// <summary>Opens a plain rotated file, if it is still there.</summary>
    /// <returns>Null when it was deleted in the meantime.</returns>
    internal FileStream? OpenRotated(RotatedFile file) => file.Deleted || file.Compressed
        ? null
        : new FileStream(_rotated.PathOf(file), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Puts the compressed file in the place of the plain one, unless rotation has deleted that in the meantime.</summary>
    internal void ReplaceRotated(RotatedFile file, string compressed)
    {
        if (!file.Deleted)
            _rotated.Replace(file, compressed);
    }

    public void Dispose() => Close();

    private bool IsDue(DateTimeOffset now)
    {
        // Of a clock that was set back, the age counts from now on: else the file would wait for the clock to catch up, and then grow old.
        if (now < _begun)
            _begun = now;
        return _file!.Length >= _rotateAt
            || (Settings.MaxAge is { } age && _file.Length > 0 && now - _begun >= age && (now - _failedAt).Duration() >= RetryRotation);
    }

    private void Rotate(DateTimeOffset now, int generation)
    {
        RotatedFile? rotated;
        try
        {
            rotated = _rotated.Add(Settings.Keep, now);
        }
        catch (ServiceCtlException error)
        {
            // Nothing is lost as long as the file that is open can grow.
            _rotateAt = _file!.Length + Settings.MaxSize;
            _failedAt = now;
            if (!_rotationFails)
                _observer.RotationFailed(error);
            _rotationFails = true;
            return;
        }

        _rotationFails = false;
        bool hurried = now - _begun < TimeIndex.Resolution;
        Open();
        // The time when the file was made says as much; a mark for each of a thousand files per second would be the dearest part of it.
        if (!hurried)
            _times!.Write(0, now, generation);
        if (rotated is not null)
            _observer.HasRotated(rotated);
    }
}
