namespace ServiceCtl.Engine.Logs.Relog;

/// <summary>A run of dropped lines in a <see cref="LogChunk"/>.</summary>
/// <param name="Count">How many.</param>
/// <param name="First">Where the first one begins.</param>
/// <param name="Last">Where the last one begins that has a time; the first one, when none has.</param>
/// <param name="End">Whether they end what has begun before them: all do but those that tell of a rotation.</param>
internal readonly record struct DroppedLines(int Count, int First, int Last, bool End);
