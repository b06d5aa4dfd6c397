using System.Text.Json;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>What another agent has to know to take a generation on: written into its run folder when it was spawned, when it serves, and when it is told to end.</summary>
internal sealed record GenerationRecord
{
    private const string FileName = "generation.json";

    public required int Number { get; init; }

    public required ProcessIdentity Process { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Was a held socket passed to it?</summary>
    public required bool HasSocket { get; init; }

    /// <summary>Has it been ready, and not been told to end?</summary>
    public required bool IsServing { get; init; }

    public required ServiceDefinition Definition { get; init; }

    public void Write(string runFolder) =>
        AtomicFile.Write(Path.Combine(runFolder, FileName), JsonSerializer.SerializeToUtf8Bytes(this, GenerationJson.Default.GenerationRecord), isDurable: false);

    /// <summary>Null when the file is missing or damaged: then the generation is not one that served.</summary>
    public static GenerationRecord? TryRead(string runFolder)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(runFolder, FileName)), GenerationJson.Default.GenerationRecord);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}
