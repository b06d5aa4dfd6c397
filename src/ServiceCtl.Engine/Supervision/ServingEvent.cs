namespace ServiceCtl.Engine.Supervision;

/// <summary>When a <see cref="ServingNotice"/> is given.</summary>
public enum ServingEvent
{
    /// <summary>A generation is ready and has the address. After a restart that overlaps, nothing came before it.</summary>
    Ready,

    /// <summary>A new agent has taken it on from one that had died.</summary>
    Adopted,

    /// <summary>It is about to drain, and nobody has taken its place: a stop, or a restart in turn.</summary>
    Leaving,

    /// <summary>It has ended without an order.</summary>
    Crashed,
}
