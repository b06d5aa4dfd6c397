using System.IO.Compression;
using Microsoft.Win32.SafeHandles;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Logs.Files;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Logs.Reading;

/// <summary>One file of a log, held open so that rotation can't take it away.</summary>
internal sealed class LogSegment : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly string _indexPath;
    private readonly DateTimeOffset? _created;
    private TimeLookup? _times;
    private GZipStream? _unzipped;
    private long _unzippedTo;
    private TimeMark? _mark;

    private LogSegment(string path, SafeFileHandle file, bool captured, string indexPath)
    {
        Path = path;
        _file = file;
        FileFacts facts = FileFacts.Of(file);
        Identity = facts.Identity;
        IsCompressed = path.EndsWith(LogSuffix.Compressed, StringComparison.Ordinal);
        _indexPath = indexPath;
        // The compressed file was made later than the log that is in it.
        _created = !captured ? null : IsCompressed ? facts.Written : facts.Created;
        OpenIndex();
    }

    /// <summary>Its name when it was opened.</summary>
    internal string Path { get; }

    internal FileIdentity Identity { get; }

    internal bool IsCompressed { get; }

    /// <summary>Bytes of the log in it now; for a compressed one, modulo 4 GiB (RFC 1952, ISIZE).</summary>
    internal long Length
    {
        get
        {
            long length = RandomAccess.GetLength(_file);
            if (!IsCompressed || length < sizeof(uint))
                return length;
            Span<byte> size = stackalloc byte[sizeof(uint)];
            RandomAccess.Read(_file, size, length - sizeof(uint));
            return System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(size);
        }
    }

    /// <summary>When it was last written to.</summary>
    internal DateTimeOffset Written => FileFacts.Of(_file).Written;

    /// <returns>Null when there is no such file, or none that we may read.</returns>
    internal static LogSegment? TryOpen(string path, bool captured, string indexPath)
    {
        SafeFileHandle? file = null;
        try
        {
            file = UserFiles.OpenRead(user: null, path);
            return new LogSegment(path, file, captured, indexPath);
        }
        catch (FileNotFoundException)
        {
            file?.Dispose();
            return null;
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Whether the log's name has gone over to another file.</summary>
    internal bool WasRotated(string log) => FileFacts.TryOf(log) is { } now && now.Identity != Identity;

    /// <summary>Whether this file is another one that was read, or what compression made of it.</summary>
    internal bool Continues(LogSegment other) =>
        Identity == other.Identity || (IsCompressed && other.LastName() + LogSuffix.Compressed == System.IO.Path.GetFileName(Path));

    internal async ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellation)
    {
        if (!IsCompressed)
            return await RandomAccess.ReadAsync(_file, buffer, offset, cancellation);

        if (_unzipped is null || offset < _unzippedTo)
        {
            if (_unzipped is not null)
                await _unzipped.DisposeAsync();
            _unzipped = new GZipStream(
                // Again, but this very file, whatever has its name by now.
                new FileStream($"/proc/self/fd/{_file.DangerousGetHandle()}", FileMode.Open, FileAccess.Read,
                    FileShare.ReadWrite | FileShare.Delete), CompressionMode.Decompress);
            _unzippedTo = 0;
        }

        while (_unzippedTo < offset)
        {
            int skipped = await _unzipped.ReadAsync(buffer[..(int)Math.Min(buffer.Length, offset - _unzippedTo)], cancellation);
            if (skipped == 0)
                return 0;
            _unzippedTo += skipped;
        }

        int count = await _unzipped.ReadAsync(buffer, cancellation);
        _unzippedTo += count;
        return count;
    }

    /// <summary>The index of a log is made with its first mark, which may be after the log was opened.</summary>
    internal void OpenIndex()
    {
        if (_created is null || _times is not null)
            return;
        _times = TimeLookup.TryOpen(_indexPath);
        // Rotated in between: the index belongs to another file, or will.
        if (_times is null || FileFacts.TryOf(Path)?.Identity == Identity)
            return;
        _times.Dispose();
        _times = null;
    }

    /// <summary>Where to begin reading what came since a time; the end of the file when all of it is older.</summary>
    internal long FirstSince(DateTimeOffset since)
    {
        DateTimeOffset from = since - TimeIndex.Resolution;
        if (FileFacts.Of(_file).Written <= from)
            return Length;
        if (_created is not { } created || created > from || _times is null)
            return 0;
        return _times.FirstSince(from) ?? Length;
    }

    /// <summary>What is known of the line that begins at an offset. Offsets ascend.</summary>
    internal LineStamp StampAt(long offset)
    {
        if (_created is not { } created)
            return new LineStamp(null, null, Path);
        TimeMark mark = _mark ?? new TimeMark(0, created, 0);
        if (_times is not null)
            mark = _times.Advance(mark, offset);
        _mark = mark;
        return new LineStamp(mark.Time.ToLocalTime(), mark.Generation == 0 ? null : mark.Generation, Path);
    }

    /// <summary>
    /// The name, without the folder, that it has now, or had when it was deleted: the kernel knows, for as long as it is open.
    /// </summary>
    private string? LastName()
    {
        const string deleted = " (deleted)";
        string? name = new FileInfo($"/proc/self/fd/{_file.DangerousGetHandle()}").LinkTarget;
        return System.IO.Path.GetFileName(name?.EndsWith(deleted, StringComparison.Ordinal) == true ? name[..^deleted.Length] : name);
    }

    public void Dispose()
    {
        _unzipped?.Dispose();
        _times?.Dispose();
        _file.Dispose();
    }
}
