namespace ServiceCtl.Engine.Alerts;

/// <summary>What came of a message.</summary>
internal enum AlertOutcome
{
    Delivered,

    /// <summary>Not now.</summary>
    Later,

    /// <summary>Not this message, now or ever; the next one perhaps.</summary>
    Refused,

    /// <summary>Nothing from us, until somebody mends the token, the address or the receiver.</summary>
    Parked,
}
