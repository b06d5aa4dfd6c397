namespace ServiceCtl.Engine.Logs.Relog;

/// <summary>A line of a <see cref="LogChunk"/> that is not dropped, or is dropped with a pid of its own.</summary>
/// <param name="Start">Where it begins in the chunk.</param>
/// <param name="Length">With its line end.</param>
/// <param name="Head">What it is.</param>
/// <param name="Gap">The dropped lines between it and the kept one before it.</param>
internal readonly record struct KeptLine(int Start, int Length, LineHead Head, DroppedLines Gap);
