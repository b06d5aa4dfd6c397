using System.Text.Json;
using ServiceCtl.Engine.Files;

namespace ServiceCtl.Engine.Scheduling;

/// <summary>The programs of a service's rules that run or wait, in one file that is the agent's own.</summary>
internal static class HookQueueFile
{
    /// <returns>None where there are none, or the file is damaged.</returns>
    public static IReadOnlyList<QueuedHook> Read(string file)
    {
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize(File.ReadAllBytes(file), HookJson.Default.IReadOnlyListQueuedHook) ?? []
                : [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return [];
        }
    }

    /// <summary>None at all is no file. What can't be written is known as long as this agent lives.</summary>
    public static void TryWrite(string file, IReadOnlyList<QueuedHook> hooks)
    {
        try
        {
            if (hooks.Count == 0)
            {
                File.Delete(file);
                return;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(file)!, FileModes.PrivateFolder);
            AtomicFile.Write(file, JsonSerializer.SerializeToUtf8Bytes(hooks, HookJson.Default.IReadOnlyListQueuedHook), isDurable: false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
        }
    }
}
