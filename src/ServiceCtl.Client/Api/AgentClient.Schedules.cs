using ServiceCtl.Contracts;

namespace ServiceCtl.Client.Api;

/// <summary>What is done for services at set times.</summary>
public sealed partial class AgentClient
{
    public Task<IReadOnlyList<PyServiceSchedule>> GetSchedulesAsync(IReadOnlyList<string> patterns, CancellationToken cancellation) =>
        GetAsync("schedules" + Query(patterns), AgentJson.Default.IReadOnlyListPyServiceSchedule, cancellation);

    /// <summary>Has a schedule done now; with <paramref name="wait"/>, the answer comes when it is done.</summary>
    public async Task<PyServiceSchedule> RunScheduleAsync(string service, string name, bool wait, CancellationToken cancellation)
    {
        using var response = await SendAsync(HttpMethod.Post,
            $"services/{Uri.EscapeDataString(service)}/schedules/{Uri.EscapeDataString(name)}?wait={(wait ? "true" : "false")}", null,
            cancellation);
        return await ReadAsync(response, AgentJson.Default.PyServiceSchedule, cancellation);
    }
}
