using System.Text;
using System.Text.Json;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Events;

/// <summary>
/// The events on disk, a line of JSON each, so that they outlive the agent. When the file is full it becomes the old one, and the old one
/// before it goes. A line that was cut off, by a full disk or the end of the machine, is passed over.
/// </summary>
internal sealed class EventJournal : IDisposable
{
    private readonly string _path;
    private readonly long _fileSize;
    private FileStream? _file;

    /// <param name="path">The file.</param>
    /// <param name="size">Bytes of it and the old one together.</param>
    internal EventJournal(string path, long size = JournalSize.Default)
    {
        _path = path;
        _fileSize = size / 2;
    }

    /// <summary>What is there, the oldest first.</summary>
    /// <exception cref="IOException">A file can't be read.</exception>
    internal static IEnumerable<ServiceEvent> Read(string path) => new[] { OldOf(path), path }.Where(File.Exists).SelectMany(ReadFile);

    /// <summary>What is in the old file.</summary>
    /// <inheritdoc cref="Read"/>
    internal static IEnumerable<ServiceEvent> ReadOld(string path) => File.Exists(OldOf(path)) ? ReadFile(OldOf(path)) : [];

    /// <summary>The events of some whole lines.</summary>
    internal static IEnumerable<ServiceEvent> Parse(ReadOnlyMemory<byte> lines) => Encoding.UTF8.GetString(lines.Span)
        .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(TryParse).OfType<ServiceEvent>();

    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Neither.</exception>
    internal void Append(ReadOnlySpan<byte> line)
    {
        if (_file is not null && _file.Length + line.Length > _fileSize)
        {
            Dispose();
            File.Move(_path, OldOf(_path), overwrite: true);
        }

        _file ??= Open();
        // In one write, so that a reader sees no half of it.
        _file.Write([.. line, (byte)'\n']);
    }

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }

    private FileStream Open()
    {
        var file = new FileStream(_path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        file.Seek(-Math.Min(1, file.Length), SeekOrigin.End);
        // The next line must not become the end of one that was cut off.
        if (file.Length > 0 && file.ReadByte() != '\n')
            file.WriteByte((byte)'\n');
        return file;
    }

    private static IEnumerable<ServiceEvent> ReadFile(string path)
    {
        foreach (var line in File.ReadLines(path))
        {
            if (TryParse(line) is { } happened)
                yield return happened;
        }
    }

    private static ServiceEvent? TryParse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, EventJson.Default.ServiceEvent);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string OldOf(string path) => Path.ChangeExtension(path, ".1" + Path.GetExtension(path));
}
