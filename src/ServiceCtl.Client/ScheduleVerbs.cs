using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;

namespace ServiceCtl.Client;

/// <summary>The schedules of services.</summary>
public sealed class ScheduleVerbs
{
    private readonly AgentConnection _agent;

    internal ScheduleVerbs(AgentConnection agent)
    {
        _agent = agent;
    }

    /// <summary>The schedules of the services that the patterns select; of all for no pattern.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ServiceNotFound"/> for a literal name that is not known.</exception>
    public Task<IReadOnlyList<PyServiceSchedule>> GetAsync(IReadOnlyList<string> patterns, CancellationToken cancellation) =>
        _agent.AskAsync(api => api.GetSchedulesAsync(patterns, cancellation), cancellation);

    /// <summary>Runs a schedule now. It goes on when nobody waits any more.</summary>
    /// <exception cref="ServiceCtlException">
    /// <see cref="ErrorCode.ServiceNotFound"/>; <see cref="ErrorCode.InvalidArgument"/>: the service has no such schedule;
    /// <see cref="ErrorCode.InvalidState"/>: it is running.
    /// </exception>
    public async Task<PyServiceSchedule> RunAsync(string service, string name, bool wait, CancellationToken cancellation)
    {
        var api = await _agent.OpenAsync(cancellation);
        return await api.RunScheduleAsync(service, name, wait, cancellation);
    }
}
