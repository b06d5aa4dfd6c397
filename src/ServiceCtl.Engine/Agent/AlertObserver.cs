using ServiceCtl.Engine.Alerts;
using ServiceCtl.Engine.Supervision;

namespace ServiceCtl.Engine.Agent;

/// <summary>Who hears of a service is said by what serves.</summary>
internal sealed class AlertObserver(AlertDispatcher alerts) : IServingObserver
{
    public Task<IReadOnlyList<string>> ObserveAsync(ServingNotice notice, CancellationToken cancellation)
    {
        if (notice.Event is ServingEvent.Ready or ServingEvent.Adopted)
            alerts.Follow(notice.Definition, isServing: true);
        return Task.FromResult<IReadOnlyList<string>>([]);
    }
}
