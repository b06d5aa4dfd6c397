using Microsoft.Win32.SafeHandles;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Logs.Files;

/// <summary>
/// The file that takes the output now. It has one writer; what is already in it is kept. Its owner alone can read it: what a service prints
/// may hold secrets.
/// </summary>
internal sealed class LogFile : IDisposable
{
    private readonly SafeFileHandle _file;

    private LogFile(string path, SafeFileHandle file)
    {
        Path = path;
        _file = file;
        FileFacts facts = FileFacts.Of(file);
        Length = facts.Length;
        Begun = facts.Created;
    }

    internal string Path { get; }

    internal SafeFileHandle Handle => _file;

    internal long Length { get; private set; }

    internal DateTimeOffset Begun { get; }

    /// <exception cref="ServiceCtlException">The file, or its folder, can't be made or written.</exception>
    internal static LogFile Open(string path)
    {
        // Not with O_APPEND: splice(2) refuses such files.
        SafeFileHandle file = FileCalls.OpenOrMake(path);
        try
        {
            return new LogFile(path, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether this is the file system's trouble, and not a fault of ours.</summary>
    internal static bool IsFault(Exception error) => error is IOException or UnauthorizedAccessException or ServiceCtlException;

    /// <summary>Looks after what others did to the file: one that was truncated is written from its new end.</summary>
    /// <returns>False when its name is another file's or nobody's: it was deleted, or moved away, as logrotate does it.</returns>
    internal bool Refresh()
    {
        FileFacts facts = FileFacts.Of(_file);
        Length = Math.Min(Length, facts.Length);
        return FileFacts.TryOf(Path)?.Identity == facts.Identity;
    }

    internal bool EndsAtLineEnd()
    {
        Span<byte> last = stackalloc byte[1];
        return Length == 0 || RandomAccess.Read(_file, last, Length - 1) == 0 || last[0] == (byte)'\n';
    }

    /// <summary>Counts bytes that somebody else wrote at its end through <see cref="Handle"/>.</summary>
    internal void Grow(long bytes) => Length += bytes;

    internal void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(_file, bytes, Length);
            Length += bytes.Length;
        }
        catch (IOException)
        {
            // A disk that gets full takes a part.
            Length = RandomAccess.GetLength(_file);
            throw;
        }
    }

    internal int Read(Span<byte> buffer, long offset) => RandomAccess.Read(_file, buffer, offset);

    public void Dispose() => _file.Dispose();
}
