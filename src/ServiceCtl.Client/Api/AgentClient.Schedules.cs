using ServiceCtl.Contracts;

namespace ServiceCtl.Client.Api;

/// <summary>The schedules of services.</summary>
public sealed partial class AgentClient
{
    public Task<IReadOnlyList<PyServiceSchedule>> GetSchedulesAsync(IReadOnlyList<string> patterns, CancellationToken cancellation) =>
        GetAsync("schedules" + Query(patterns), AgentJson.Default.IReadOnlyListPyServiceSchedule, cancellation);

    /// <summary>Runs a schedule now; with <paramref name="wait"/>, the answer comes when it has ended.</summary>
    public async Task<PyServiceSchedule> RunScheduleAsync(string service, string name, bool wait, CancellationToken cancellation)
    {
        using var response = await SendAsync(HttpMethod.Post,
            $"services/{Uri.EscapeDataString(service)}/schedules/{Uri.EscapeDataString(name)}?wait={(wait ? "true" : "false")}", null,
            cancellation);
        return await ReadAsync(response, AgentJson.Default.PyServiceSchedule, cancellation);
    }
}
