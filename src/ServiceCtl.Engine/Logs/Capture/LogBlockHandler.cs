namespace ServiceCtl.Engine.Logs.Capture;

/// <summary>
/// Takes what a service printed, in order, in pieces of any size that may begin and end inside a line. It runs on the thread that
/// captures all services: it must neither block nor keep the span.
/// </summary>
public delegate void LogBlockHandler(ReadOnlySpan<byte> block);
