using System.Text.Json;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Alerts;

/// <summary>Who hears of which service: written by the agent, read by the sender.</summary>
internal sealed record AlertRoutes
{
    public IReadOnlyDictionary<string, AlertRule> Services { get; init; } = new Dictionary<string, AlertRule>();

    /// <summary>By the destination's key, the number of the last event that it is not to hear of.</summary>
    public IReadOnlyDictionary<string, long> Since { get; init; } = new Dictionary<string, long>();

    public static string FileIn(string folder) => Path.Combine(folder, "routes.json");

    /// <summary>Null where there is none, or it can't be read.</summary>
    public static AlertRoutes? Read(string folder)
    {
        var file = FileIn(folder);
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize(File.ReadAllBytes(file), AlertJson.Default.AlertRoutes) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Neither.</exception>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder, FileModes.PrivateFolder);
        AtomicFile.Write(FileIn(folder), JsonSerializer.SerializeToUtf8Bytes(this, AlertJson.Default.AlertRoutes), isDurable: false);
    }
}
