namespace ServiceCtl.Engine.Releases.Fleet.Orders;

/// <summary>What a frame holds.</summary>
internal enum FrameKind : byte
{
    /// <summary>Nothing: whoever sends it lives.</summary>
    Alive,

    /// <summary>An order, or a report, as JSON.</summary>
    Message,

    /// <summary>A piece of the code that belongs to the order before.</summary>
    Code,

    /// <summary>The end of the code.</summary>
    CodeEnd,
}
