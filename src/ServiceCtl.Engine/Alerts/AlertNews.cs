namespace ServiceCtl.Engine.Alerts;

/// <summary>What an alert tells.</summary>
internal enum AlertNews
{
    /// <summary>Something happened, and the service is as it was.</summary>
    Notice,

    /// <summary>It does not serve.</summary>
    Down,

    /// <summary>It does not serve, and nobody tries any more.</summary>
    GaveUp,

    /// <summary>It serves again.</summary>
    Back,

    /// <summary>It goes down and comes back again and again, which is not told until that ends.</summary>
    Flapping,

    /// <summary>It does that no more, and serves.</summary>
    Settled,

    /// <summary>It was stopped while it did not serve: nobody has to look at it any more.</summary>
    Stopped,

    /// <summary>Nothing happened: somebody tries the alerts.</summary>
    Test,
}
