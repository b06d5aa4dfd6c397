using System.Text.Json;
using ServiceCtl.Engine.Files;

namespace ServiceCtl.Engine.Alerts;

/// <summary>What the sender has done, on disk: what it has not noted here, it does again.</summary>
internal sealed record SenderRecord
{
    /// <summary>By their keys.</summary>
    public IReadOnlyDictionary<string, DestinationRecord> Destinations { get; init; } = new Dictionary<string, DestinationRecord>();

    private static string FileIn(string folder) => Path.Combine(folder, "sent.json");

    /// <summary>An empty one where there is none, or it was damaged: then what happened since a destination is known is sent.</summary>
    public static SenderRecord Read(string folder)
    {
        var file = FileIn(folder);
        try
        {
            return (File.Exists(file) ? JsonSerializer.Deserialize(File.ReadAllBytes(file), AlertJson.Default.SenderRecord) : null)
                ?? new SenderRecord();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return new SenderRecord();
        }
    }

    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Neither.</exception>
    public void Write(string folder) =>
        AtomicFile.Write(FileIn(folder), JsonSerializer.SerializeToUtf8Bytes(this, AlertJson.Default.SenderRecord), isDurable: false);
}
