using Microsoft.Win32.SafeHandles;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Logs.Rotation;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Daemons;

/// <summary>
/// A daemon's log file. All daemons have the same one unless they say otherwise, so that each line is written, and each rotation done, by
/// one process at a time; who finds the file rotated or removed by another goes on in the new one.
/// </summary>
internal sealed class DaemonLogFile : IDisposable
{
    private readonly string _path;
    private readonly long _maxSize;
    private readonly int _keep;
    private readonly TimeProvider _time;
    private SafeFileHandle? _file;

    /// <exception cref="ServiceCtlException">The file can't be made or written.</exception>
    public DaemonLogFile(string path, long maxSize, int keep, TimeProvider time)
    {
        _path = path;
        _maxSize = maxSize;
        _keep = keep;
        _time = time;
        _file = FileCalls.OpenOrMake(path);
    }

    public string Path => _path;

    /// <exception cref="IOException">The disk is full, or gone.</exception>
    /// <exception cref="ServiceCtlException">The file can't be made again.</exception>
    public void Write(ReadOnlySpan<byte> line)
    {
        while (true)
        {
            var file = _file ??= FileCalls.OpenOrMake(_path);
            var isOurs = OpenFileLock.TryTake(file);
            var facts = FileFacts.Of(file);
            if (FileFacts.TryOf(_path)?.Identity != facts.Identity)
            {
                Close();
            }
            else if (isOurs && _maxSize > 0 && _keep > 0 && facts.Length > 0 && facts.Length + line.Length > _maxSize)
            {
                // Loaded each time: another daemon may have rotated since.
                RotatedFiles.Load(_path).Add(_keep, _time.GetUtcNow());
                Close();
            }
            else
            {
                RandomAccess.Write(file, line, facts.Length);
                OpenFileLock.GiveBack(file);
                return;
            }
        }
    }

    public void Dispose() => Close();

    private void Close()
    {
        _file?.Dispose();
        _file = null;
    }
}
