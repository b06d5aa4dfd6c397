using System.Text.Json;
using ServiceCtl.Engine.Files;

namespace ServiceCtl.Engine.Remote;

/// <summary>What the next agent has to know of what was pushed to a service. Mode 0600: it holds what the configuration holds.</summary>
internal sealed record RemoteRecord
{
    /// <summary>The text of the last configuration with which the service became ready.</summary>
    public string? Proven { get; init; }

    /// <summary>The addresses of each module, as they were last told.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Modules { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>An empty one where there is none, or it is damaged: what is on disk counts then, and addresses are sent again.</summary>
    public static RemoteRecord Read(string file)
    {
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize(File.ReadAllBytes(file), RemoteJson.Default.RemoteRecord)
                ?? new() : new();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return new();
        }
    }

    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Write(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        AtomicFile.Write(file, JsonSerializer.SerializeToUtf8Bytes(this, RemoteJson.Default.RemoteRecord));
    }
}
