using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Agent;

/// <summary>What is done for services at set times.</summary>
public sealed partial class ServiceAgent
{
    /// <summary>The schedules of the services that the patterns select, by service and name.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ServiceNotFound"/>: a literal name is not known.</exception>
    public IReadOnlyList<PyServiceSchedule> ListSchedules(IReadOnlyList<string> patterns) =>
        [.. Require(patterns).SelectMany(supervisor => _schedules.List(supervisor.Record.Name))];

    /// <summary>Does what a schedule says now, and waits for its end unless that is not wanted.</summary>
    /// <exception cref="ServiceCtlException">
    /// <see cref="ErrorCode.ServiceNotFound"/>; <see cref="ErrorCode.InvalidArgument"/>: it has no such schedule;
    /// <see cref="ErrorCode.InvalidState"/>: a run goes on.
    /// </exception>
    public async Task<PyServiceSchedule> RunScheduleAsync(string service, string name, bool wait, CancellationToken cancellation)
    {
        var run = _schedules.RunAsync(RequireOne(service).Record.Name, name, wait ? cancellation : CancellationToken.None);
        return wait || run.IsCompleted ? await run : _schedules.List(service).First(schedule => schedule.Name == name);
    }

    private bool IsWanted(string service) => _supervisors.GetValueOrDefault(service)?.Record.IsWanted == true;

    /// <summary>As somebody would order it: what requires the service, messages and Consul included.</summary>
    private async Task<OperationResult> OrderAsync(
        string service, ServiceAction action, TimeSpan? limit, CancellationToken cancellation)
    {
        OperationResult? own = null;
        var request = new OperationRequest { Action = action, Services = [service], TimeoutSeconds = limit?.TotalSeconds };
        await foreach (var happened in Operate(request, cancellation).ReadAllAsync(CancellationToken.None))
            own = happened.Result is { } result && result.Service == service ? result : own;
        return own ?? throw new ServiceCtlException(ErrorCode.ServiceNotFound, service, $"{service} is no longer registered.");
    }
}
