using ServiceCtl.Engine.Scheduling;
using ServiceCtl.Engine.Supervision;

namespace ServiceCtl.Engine.Agent;

/// <summary>The schedules that count are those of what serves.</summary>
internal sealed class ScheduleObserver(Scheduler schedules) : IServingObserver
{
    public Task<IReadOnlyList<string>> ObserveAsync(ServingNotice notice, CancellationToken cancellation)
    {
        if (notice.Event is ServingEvent.Ready or ServingEvent.Adopted)
            schedules.Follow(notice.Definition, isServing: true, isStarted: notice.Event == ServingEvent.Ready);
        return Task.FromResult<IReadOnlyList<string>>([]);
    }
}
