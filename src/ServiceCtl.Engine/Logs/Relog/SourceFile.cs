using System.IO.Compression;
using Microsoft.Win32.SafeHandles;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Logs.Files;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Logs.Relog;

/// <summary>A log that is open: held, whatever becomes of its name.</summary>
internal sealed class SourceFile : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly FileFacts _facts;
    private readonly Dictionary<int, string?> _heads = [];
    private GZipStream? _unzipped;
    private long _unzippedTo;

    private SourceFile(string path, SafeFileHandle file)
    {
        Path = path;
        _file = file;
        _facts = FileFacts.Of(file);
        IsCompressed = path.EndsWith(LogSuffix.Compressed, StringComparison.Ordinal);
    }

    internal string Path { get; }

    internal FileIdentity Identity => _facts.Identity;

    internal bool IsCompressed { get; }

    /// <summary>Bytes on disk when it was opened.</summary>
    internal long Size => _facts.Length;

    internal DateTimeOffset Written => _facts.Written;

    internal DateTimeOffset Created => _facts.Created;

    /// <returns>Null when it is gone.</returns>
    internal static SourceFile? TryOpen(string path, FileActor? user)
    {
        SafeFileHandle? file = null;
        try
        {
            file = UserFiles.OpenRead(user, path);
            return new SourceFile(path, file);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            file?.Dispose();
            return null;
        }
    }

    /// <summary>Fills the buffer, as far as there is something. What is compressed is read forward only, by one thread at a time.</summary>
    internal int Read(Span<byte> buffer, long offset)
    {
        if (IsCompressed)
            return Unzip(buffer, offset);
        int total = 0;
        while (total < buffer.Length)
        {
            int count = RandomAccess.Read(_file, buffer[total..], offset + total);
            if (count == 0)
                break;
            total += count;
        }

        return total;
    }

    /// <returns>Of the bytes from an offset on; null when there are not so many.</returns>
    internal string? Hash(long offset, int length)
    {
        if (offset == 0 && _heads.TryGetValue(length, out string? known))
            return known;
        byte[] bytes = new byte[length];
        string? hash = Read(bytes, offset) == length ? Fingerprint.Of(bytes) : null;
        if (offset == 0)
            _heads[length] = hash;
        return hash;
    }

    public void Dispose()
    {
        _unzipped?.Dispose();
        _file.Dispose();
    }

    private int Unzip(Span<byte> buffer, long offset)
    {
        if (_unzipped is null || offset < _unzippedTo)
        {
            _unzipped?.Dispose();
            // Again, but this very file, whatever has its name by now.
            FileStream again = new($"/proc/self/fd/{_file.DangerousGetHandle()}", FileMode.Open, FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete);
            _unzipped = new GZipStream(again, CompressionMode.Decompress);
            _unzippedTo = 0;
        }

        Span<byte> skipped = stackalloc byte[4096];
        while (_unzippedTo < offset)
        {
            int count = _unzipped.Read(skipped[..(int)Math.Min(skipped.Length, offset - _unzippedTo)]);
            if (count == 0)
                return 0;
            _unzippedTo += count;
        }

        int total = _unzipped.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        _unzippedTo += total;
        return total;
    }
}
