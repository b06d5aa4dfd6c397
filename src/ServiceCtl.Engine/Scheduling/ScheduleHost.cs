using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Scheduling;

/// <summary>What schedules need of whoever owns the services: an agent, or one service in the foreground.</summary>
public sealed class ScheduleHost
{
    /// <summary>Is the service to run?</summary>
    public required Func<string, bool> IsWanted { get; init; }

    /// <summary>Gives an order to a service, within a limit or what its configuration says; by its turn, as everybody's orders.</summary>
    public required Func<string, ServiceAction, TimeSpan?, CancellationToken, Task<OperationResult>> Order { get; init; }

    public required Action<ServiceEvent> Publish { get; init; }
}
