using System.Globalization;
using System.Net.Http.Headers;
using ServiceCtl.Contracts;

namespace ServiceCtl.Client.Api;

/// <summary>How services are doing: to be worked with, or to be printed.</summary>
public sealed partial class AgentClient
{
    /// <summary>A header of the answer: how many of the services don't run.</summary>
    public const string NotRunningHeader = "ServiceCtl-Not-Running";

    public Task<IReadOnlyList<PyServiceStatus>> GetStatusAsync(IReadOnlyList<string> patterns, CancellationToken cancellation) =>
        GetAsync("status" + Query(patterns), AgentJson.Default.IReadOnlyListPyServiceStatus, cancellation);

    /// <summary>The same without the commits.</summary>
    public Task<IReadOnlyList<PyServiceStatus>> GetFiguresAsync(IReadOnlyList<string> patterns, CancellationToken cancellation) =>
        GetAsync("status" + Query(patterns, "commits=false"), AgentJson.Default.IReadOnlyListPyServiceStatus, cancellation);

    /// <summary>Copies the agent's answer, as text or as JSON.</summary>
    /// <returns>How many of the services don't run.</returns>
    public async Task<int> CopyStatusAsync(
        IReadOnlyList<string> patterns, IReadOnlyList<ServiceState> states, bool asJson, bool isColored, Stream output,
        CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get,
            new Uri(Api,
                "status" + Query(patterns,
                    [.. states.Select(state => $"state={state}"), .. isColored ? ["color=true"] : Array.Empty<string>()])))
        {
            Headers = { Accept = { new MediaTypeWithQualityHeaderValue(asJson ? "application/json" : "text/plain") } },
        };
        using var response = await SendAsync(request, cancellation);
        if (!response.Headers.TryGetValues(NotRunningHeader, out var values))
            throw _route.OtherVersion(": it does not report which services run.");

        await output.WriteAsync(await ReadAsync(response, cancellation), cancellation);
        return int.Parse(values.First(), CultureInfo.InvariantCulture);
    }
}
