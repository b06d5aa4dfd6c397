using System.Text.Json;
using ServiceCtl.Engine.Files;

namespace ServiceCtl.Engine.Supervision;

/// <summary>
/// Which release of a service served last by an order, and to which one it is being switched. It outlives agents and reboots: what comes
/// back without an order is what served, wherever the link leads by then, and a switch that an agent did not live to end is ended.
/// </summary>
internal sealed record ReleaseRecord
{
    /// <summary>The link by which the service is known.</summary>
    public required string Link { get; init; }

    /// <summary>The folder of the release that served last; null before the first.</summary>
    public string? Served { get; init; }

    /// <summary>The folder of the one that is about to; null while there is none.</summary>
    public string? Next { get; init; }

    /// <summary>The generation that runs from <see cref="Next"/>, and is proven.</summary>
    public int? Generation { get; init; }

    /// <returns>Null when there is none, or it is damaged: then the link says which release is meant.</returns>
    public static ReleaseRecord? TryRead(string file)
    {
        // Most services have none, and are not to cost an exception.
        if (!File.Exists(file))
            return null;
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(file), GenerationJson.Default.ReleaseRecord);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Write(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!, FileModes.PrivateFolder);
        AtomicFile.Write(file, JsonSerializer.SerializeToUtf8Bytes(this, GenerationJson.Default.ReleaseRecord));
    }

    /// <summary>Of a service that is not known any more, or is behind no link.</summary>
    public static void Delete(string file)
    {
        if (File.Exists(file))
            File.Delete(file);
    }
}
