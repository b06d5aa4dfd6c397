using System.Text.Json;
using ServiceCtl.Engine.Files;

namespace ServiceCtl.Engine.Scheduling;

/// <summary>The records of a service's schedules by name, in one file that is the agent's own.</summary>
internal static class JobRecords
{
    /// <returns>None where there are none, or the file is damaged: then nothing was missed.</returns>
    public static Dictionary<string, JobRecord> Read(string file)
    {
        try
        {
            return File.Exists(file)
                ? JsonSerializer.Deserialize(File.ReadAllBytes(file), ScheduleJson.Default.DictionaryStringJobRecord) ?? [] : [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return [];
        }
    }

    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Write(string file, Dictionary<string, JobRecord> records)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!, FileModes.PrivateFolder);
        AtomicFile.Write(file, JsonSerializer.SerializeToUtf8Bytes(records, ScheduleJson.Default.DictionaryStringJobRecord),
            isDurable: false);
    }

    public static void Delete(string file)
    {
        if (File.Exists(file))
            File.Delete(file);
    }
}
