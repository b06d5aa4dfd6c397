using System.Text;
using Microsoft.Win32.SafeHandles;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Logs.Reading;

/// <summary>The lines that a file gets from now on, also when it is rotated or emptied. One call at a time.</summary>
internal sealed class LineFollower : IDisposable
{
    private const int BlockSize = 64 * 1024;

    /// <summary>Bytes of a line that are looked at.</summary>
    private const int LongestLine = 4096;

    private readonly string _path;
    private readonly FileActor? _user;
    private readonly byte[] _block = new byte[BlockSize];
    private readonly byte[] _line = new byte[LongestLine];
    private int _length;
    private SafeFileHandle? _file;
    private long _offset;

    /// <param name="path">It need not be there yet.</param>
    /// <param name="user">Whose rights count where others than root can change it; null: this process's own.</param>
    public LineFollower(string path, FileActor? user)
    {
        _path = path;
        _user = user;
        _file = TryOpen();
        _offset = _file is null ? 0 : RandomAccess.GetLength(_file);
    }

    /// <summary>Hands over what came since the last call, line by line; what has no end yet comes with the next one.</summary>
    public void Read(Action<string> line)
    {
        _file ??= TryOpen();
        while (_file is not null)
        {
            // Before the last look at it: what is written into it afterwards, nobody writes.
            var isRotated = FileFacts.TryOf(_path)?.Identity != FileFacts.Of(_file).Identity;
            if (RandomAccess.GetLength(_file) < _offset)
                _offset = 0;
            while (RandomAccess.Read(_file, _block, _offset) is var count and > 0)
            {
                _offset += count;
                Split(_block.AsSpan(0, count), line);
            }

            if (!isRotated)
                return;
            _file.Dispose();
            _file = TryOpen();
            _offset = 0;
        }
    }

    public void Dispose() => _file?.Dispose();

    private void Split(ReadOnlySpan<byte> bytes, Action<string> line)
    {
        while (bytes.IndexOf((byte)'\n') is var end and >= 0)
        {
            Keep(bytes[..end]);
            line(Encoding.UTF8.GetString(_line, 0, _length).TrimEnd('\r'));
            _length = 0;
            bytes = bytes[(end + 1)..];
        }

        Keep(bytes);
    }

    private void Keep(ReadOnlySpan<byte> part)
    {
        part = part[..Math.Min(part.Length, LongestLine - _length)];
        part.CopyTo(_line.AsSpan(_length));
        _length += part.Length;
    }

    private SafeFileHandle? TryOpen()
    {
        try
        {
            return UserFiles.OpenRead(_user, _path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
