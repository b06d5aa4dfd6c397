namespace ServiceCtl.Engine.Logs.Relog;

/// <summary>What is not certain about an entry, and is said in its header.</summary>
[Flags]
internal enum EntryMarks : byte
{
    None = 0,

    /// <summary>Lines of several tracebacks that nothing tells apart.</summary>
    Interleaved = 1,

    /// <summary>Other lines were among those of a traceback, which were distinguished from them by their shape.</summary>
    Interrupted = 2,

    /// <summary>The end of a traceback never came.</summary>
    Unfinished = 4,

    /// <summary>The beginning of a traceback is missing.</summary>
    Headless = 8,

    /// <summary>Lines that belong to no known event.</summary>
    Unattributed = 16,

    /// <summary>Goes on where the entry before it, which was too long, stopped.</summary>
    Continued = 32,
}
