using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Sources;

/// <summary>Reads a file that may be anything: missing, a folder, a device, a pipe without a writer, far too large.</summary>
internal sealed class SourceFile
{
    /// <summary>A named pipe that nobody writes to would hold its reader for ever.</summary>
    private static readonly TimeSpan PipeLimit = TimeSpan.FromSeconds(5);

    /// <summary>A file that has content gives it, but a thousand that are read at once on a busy machine wait for their turn.</summary>
    private static readonly TimeSpan FileLimit = TimeSpan.FromMinutes(1);

    private readonly string _name;
    private readonly string _path;
    private readonly SourceReader? _reader;
    private readonly TimeSpan _limit;

    private SourceFile(string name, SourceReader? reader)
    {
        _name = name;
        _reader = reader;
        _path = Path.GetFullPath(name);
        _limit = new FileInfo(_path) is { Exists: true, Length: > 0 } ? FileLimit : PipeLimit;
    }

    /// <param name="name">Relative to the current folder, or absolute; problems name it as it is given here.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <param name="folder">Where relative paths in it start; null for its own folder.</param>
    /// <param name="reader">Who has to be able to read it; null: whoever runs this.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigNotFound"/>: it is not there.</exception>
    /// <exception cref="MalformedSourceException">It can't be read, or is no text.</exception>
    public static async Task<SourceText> ReadAsync(
        string name, CancellationToken cancellation, string? folder = null, SourceReader? reader = null)
    {
        var file = new SourceFile(name, reader);
        var bytes = await file.ReadBytesAsync(cancellation);
        return SourceText.Decode(name, bytes.Span, folder ?? Path.GetDirectoryName(file._path));
    }

    private async Task<ReadOnlyMemory<byte>> ReadBytesAsync(CancellationToken cancellation)
    {
        try
        {
            if (Directory.Exists(_path))
                throw Unreadable("This is a folder, not a file.", "Name the file in it.");
            await using var file = await OpenAsync(cancellation);
            return await ReadToLimitAsync(file, cancellation).WaitAsync(_limit, cancellation);
        }
        catch (TimeoutException exception)
        {
            throw Unreadable($"The file gave no content for {_limit.TotalSeconds:0} s.",
                "Is it a named pipe that nobody writes to, or on a network drive that is gone?", exception);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ServiceCtlException(
                ErrorCode.ConfigNotFound, _name, $"There is no configuration file `{_name}`.",
                "Create it, or name another one.", exception);
        }
        catch (UnauthorizedAccessException exception) when (_reader is { } reader)
        {
            throw Unreadable($"{reader.Name} may not read the file.",
                $"Let {reader.Name} read it, or make sure that only root can change the file and the configuration.", exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw Unreadable("The file may not be read by this user.", $"Run as its owner, or allow it: `chmod u+r {_name}`.", exception);
        }
        catch (IOException exception)
        {
            throw Unreadable($"The file can't be read: {exception.Message}", "Check the path, its symbolic links and the disk.", exception);
        }
    }

    private async Task<FileStream> OpenAsync(CancellationToken cancellation)
    {
        var opening = Task.Run(
            () => _reader is { } reader ? reader.Open(_path, OpenHere) : OpenHere(), cancellation);
        try
        {
            return await opening.WaitAsync(_limit, cancellation);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            _ = opening.ContinueWith(late => late.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion,
                TaskScheduler.Default);
            throw;
        }
    }

    private FileStream OpenHere() =>
        new(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    private async Task<ReadOnlyMemory<byte>> ReadToLimitAsync(FileStream file, CancellationToken cancellation)
    {
        // The length is a hint only: files under /proc and pipes say 0.
        var buffer = new byte[file.CanSeek ? Math.Clamp(file.Length, 4096, ConfigurationLimits.FileBytes) + 1 : 4096];
        var length = 0;
        while (true)
        {
            var read = await file.ReadAsync(buffer.AsMemory(length), cancellation);
            if (read == 0)
                return buffer.AsMemory(0, length);
            length += read;
            if (length > ConfigurationLimits.FileBytes)
            {
                throw Unreadable(
                    $"The file is larger than {ConfigurationLimits.FileBytes / (1024 * 1024)} MiB.",
                    "Is this the right file? Split it if it is.");
            }

            if (length == buffer.Length)
                Array.Resize(ref buffer, buffer.Length * 2);
        }
    }

    private MalformedSourceException Unreadable(string message, string advice, Exception? inner = null) =>
        new(new Origin(_name, 1, 1), message, advice, inner);
}
