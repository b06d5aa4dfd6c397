using ServiceCtl.Engine.Files;

namespace ServiceCtl.Engine.Logs.Json;

/// <summary>A file that gets a log as lines of JSON.</summary>
/// <param name="File">Absolute.</param>
/// <param name="User">Whose service it is: where others may change the folder, the file is written with that user's rights. Null: with this
/// process's.</param>
/// <param name="MaxSize">At so many bytes it is rotated.</param>
/// <param name="Keep">Rotated files that are kept.</param>
/// <param name="Compress">Whether those are compressed with gzip.</param>
/// <param name="MaxPerSecond">So many equal lines a second are all written; null for any number.</param>
/// <param name="PassEvery">Of the equal lines beyond that, each so many-th.</param>
internal sealed record JsonLogSettings(
    string File, FileActor? User, long MaxSize, int Keep, bool Compress, int? MaxPerSecond, int PassEvery);
