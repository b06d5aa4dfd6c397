namespace ServiceCtl.Engine.Logs.Relog;

/// <summary>Where a traceback ended, in the bytes of its entry.</summary>
/// <param name="Exception">The line with its type and message.</param>
/// <param name="Frame">Its last frame; null where nobody can tell.</param>
internal sealed record TracebackEnd(Range Exception, Range? Frame);
