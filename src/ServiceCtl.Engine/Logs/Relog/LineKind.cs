namespace ServiceCtl.Engine.Logs.Relog;

/// <summary>What one line of a log is, seen by itself.</summary>
internal enum LineKind : byte
{
    /// <summary>Dropped: a request that uWSGI served. It tells which request an exception broke.</summary>
    Request,

    /// <summary>Dropped: an INFO record, one of a server's own lines.</summary>
    Info,

    /// <summary>The same without a time.</summary>
    Undated,

    /// <summary>
    /// Dropped: uWSGI is about to rotate its log. It says nothing of what is printed meanwhile, which may go on in the next file.
    /// </summary>
    Rotation,

    /// <summary>A server tells that something was killed, or died: a request that took too long, a worker.</summary>
    Incident,

    /// <summary>Tells more of an incident: the request, a frame of native code.</summary>
    IncidentPart,

    /// <summary>Begins an ERROR record.</summary>
    Error,

    /// <summary>Begins an ERROR record in which a framework reports an exception that nobody caught.</summary>
    Uncaught,

    /// <summary>Begins a record of another level: DEBUG, WARNING, CRITICAL.</summary>
    Record,

    /// <summary><c>Traceback (most recent call last):</c></summary>
    Traceback,

    /// <summary><c>  + Exception Group Traceback (most recent call last):</c></summary>
    Group,

    /// <summary>A line of an exception group, with its bar.</summary>
    GroupLine,

    /// <summary>The line that closes an exception group.</summary>
    GroupEnd,

    /// <summary><c>  File "app.py", line 12, in f</c></summary>
    Frame,

    /// <summary>Source text, <c>^^^^</c> markers, and whatever else is indented.</summary>
    Indented,

    /// <summary>The sentence between two tracebacks of a chain.</summary>
    Chain,

    /// <summary>Three quotes: the traceback of another process, which multiprocessing puts into a message, begins or ends.</summary>
    Quotes,

    /// <summary>Looks like <c>ValueError: message</c>, which ends a traceback.</summary>
    Exception,

    Blank,

    Text,
}
