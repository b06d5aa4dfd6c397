using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Agent;

/// <summary>Who hears of what happens to services.</summary>
public sealed partial class ServiceAgent
{
    /// <summary>The destinations of the services that the patterns select, and how it stands with them.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ServiceNotFound"/>: a literal name is not known.</exception>
    public IReadOnlyList<PyServiceAlert> ListAlerts(IReadOnlyList<string> patterns) =>
        _alerts.List(Require(patterns).Select(supervisor => supervisor.Record.Name));

    /// <summary>Has an alert sent to each of them that tells of nothing, and waits for the answers.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ServiceNotFound"/>: a literal name is not known.</exception>
    public Task<IReadOnlyList<PyServiceAlertTest>> TestAlertsAsync(IReadOnlyList<string> patterns, CancellationToken cancellation) =>
        _alerts.TestAsync([.. Require(patterns).Select(supervisor => supervisor.Record.Name)], cancellation);
}
