using System.Text.Json;
using System.Text.Json.Serialization;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>
/// What another agent has to know to take a generation on: written into its run folder when it was spawned, and again when an instance was
/// replaced. Whether it serves is said by the file's name, so that beginning and ceasing to serve takes a rename, and no second writing.
/// </summary>
internal sealed record GenerationRecord
{
    private const string Idle = "generation.json";
    private const string Serving = "serving.json";

    public required int Number { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Were held sockets passed to it?</summary>
    public required bool HasSocket { get; init; }

    /// <inheritdoc cref="Generation.IsCanary"/>
    public bool IsCanary { get; init; }

    /// <summary>Empty in what an agent wrote that did not know of it.</summary>
    public LaunchPlaces Places { get; init; } = new();

    /// <summary>
    /// Where it listens, in the order of the sockets that were passed; null in a record of an agent that knew of one address only.
    /// </summary>
    public IReadOnlyList<ServedAddress>? Addresses { get; init; }

    /// <summary>Has it been ready, and not been asked to end?</summary>
    [JsonIgnore]
    public bool IsServing { get; private init; }

    /// <summary>How many instances it is to have; null where an agent wrote this that did not say so.</summary>
    public int? Size { get; init; }

    /// <summary>Those that were running when this was written.</summary>
    public required IReadOnlyList<InstanceRecord> Instances { get; init; }

    public required ServiceDefinition Definition { get; init; }

    /// <summary>Writes it again, as that of a generation that serves if it does.</summary>
    public void Write(string runFolder) => AtomicFile.Write(
        Path.Combine(runFolder, File.Exists(Path.Combine(runFolder, Serving)) ? Serving : Idle),
        JsonSerializer.SerializeToUtf8Bytes(this, GenerationJson.Default.GenerationRecord), isDurable: false);

    /// <summary>Notes that it begins to serve, or ceases to. That it was noted already, by an earlier agent, is no matter.</summary>
    /// <exception cref="IOException">There is no record, or it can't be renamed.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be renamed.</exception>
    public static void Mark(string runFolder, bool isServing)
    {
        var (from, to) = isServing ? (Idle, Serving) : (Serving, Idle);
        if (!File.Exists(Path.Combine(runFolder, to)))
            File.Move(Path.Combine(runFolder, from), Path.Combine(runFolder, to));
    }

    /// <summary>The newest of a service's that was written; null when nothing of it runs.</summary>
    /// <param name="folder">Holds its run folders.</param>
    public static GenerationRecord? TryReadNewest(string folder) => !Directory.Exists(folder) ? null : Directory.GetDirectories(folder)
        .Select(TryRead)
        .OfType<GenerationRecord>()
        .MaxBy(record => record.Number);

    /// <summary>Null when the file is missing or damaged: then the generation is not one that served.</summary>
    public static GenerationRecord? TryRead(string runFolder)
    {
        var isServing = File.Exists(Path.Combine(runFolder, Serving));
        try
        {
            var content = File.ReadAllBytes(Path.Combine(runFolder, isServing ? Serving : Idle));
            return JsonSerializer.Deserialize(content, GenerationJson.Default.GenerationRecord) is { } record
                ? record with { IsServing = isServing } : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}
