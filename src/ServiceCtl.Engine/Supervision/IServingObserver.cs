namespace ServiceCtl.Engine.Supervision;

/// <summary>
/// Learns when a service begins to serve and when it ceases, to tell others of it. It is waited for, within a limit: clients are to hear
/// of a generation that is ready, and to be sent elsewhere before one drains. It can't fail a start or a stop: what goes wrong is a
/// warning.
/// </summary>
public interface IServingObserver
{
    /// <returns>Warnings for whoever gave the order; empty where all is well.</returns>
    Task<IReadOnlyList<string>> ObserveAsync(ServingNotice notice, CancellationToken cancellation);
}
