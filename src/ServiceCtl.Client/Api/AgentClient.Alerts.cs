using ServiceCtl.Contracts;

namespace ServiceCtl.Client.Api;

/// <summary>Where alerts go.</summary>
public sealed partial class AgentClient
{
    public Task<IReadOnlyList<PyServiceAlert>> GetAlertsAsync(IReadOnlyList<string> patterns, CancellationToken cancellation) =>
        GetAsync("alerts" + Query(patterns), AgentJson.Default.IReadOnlyListPyServiceAlert, cancellation);

    /// <summary>Has a test alert sent to each; the answer comes when the last one has answered.</summary>
    public async Task<IReadOnlyList<PyServiceAlertTest>> TestAlertsAsync(
        IReadOnlyList<string> patterns, CancellationToken cancellation)
    {
        using var response = await SendAsync(HttpMethod.Post, "alerts/test" + Query(patterns), null, cancellation);
        return await ReadAsync(response, AgentJson.Default.IReadOnlyListPyServiceAlertTest, cancellation);
    }
}
