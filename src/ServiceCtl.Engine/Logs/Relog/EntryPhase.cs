namespace ServiceCtl.Engine.Logs.Relog;

/// <summary>How far an entry is.</summary>
internal enum EntryPhase : byte
{
    /// <summary>A record, of which a traceback or further lines may follow.</summary>
    Record,

    /// <summary>In a traceback whose end has not come.</summary>
    Open,

    /// <summary>Its traceback is complete; more lines of its message, or of its chain, may follow.</summary>
    Closed,

    /// <summary>Lines that belong to nothing known.</summary>
    Loose,
}
