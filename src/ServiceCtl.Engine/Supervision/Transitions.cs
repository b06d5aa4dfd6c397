using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Supervision;

/// <summary>The one table of what may follow what.</summary>
internal static class Transitions
{
    private static readonly Dictionary<ServiceState, ServiceState[]> Allowed = new()
    {
        [ServiceState.Idle] = [ServiceState.Starting, ServiceState.Stopped, ServiceState.Failed],
        [ServiceState.Stopped] = [ServiceState.Idle, ServiceState.Starting, ServiceState.Failed],
        [ServiceState.Failed] = [ServiceState.Idle, ServiceState.Starting, ServiceState.Restarting, ServiceState.Stopping,
            ServiceState.Stopped],
        [ServiceState.Starting] = [ServiceState.Running, ServiceState.Restarting, ServiceState.Failed, ServiceState.Stopped],
        [ServiceState.Running] = [ServiceState.Restarting, ServiceState.Stopping, ServiceState.Stopped, ServiceState.Failed],
        [ServiceState.Restarting] = [ServiceState.Running, ServiceState.Starting, ServiceState.Failed, ServiceState.Stopped],
        [ServiceState.Stopping] = [ServiceState.Stopped, ServiceState.Failed],
    };

    public static bool IsAllowed(ServiceState from, ServiceState to) => Allowed[from].Contains(to);

    /// <exception cref="InvalidOperationException">The transition is not in the table: a fault of ours.</exception>
    public static ServiceState Require(ServiceState from, ServiceState to) => IsAllowed(from, to)
        ? to
        : throw new InvalidOperationException($"A service can't go from {from} to {to}.");
}
