namespace ServiceCtl.Engine.Alerts;

/// <summary>One way out.</summary>
internal interface IAlertReceiver : IDisposable
{
    /// <summary>How many alerts go into one message.</summary>
    int MostTogether { get; }

    /// <summary>The least time between two messages.</summary>
    TimeSpan Pace { get; }

    /// <summary>Never fails: what goes wrong is an answer.</summary>
    Task<AlertAnswer> SendAsync(IReadOnlyList<Alert> alerts, CancellationToken cancellation);
}
