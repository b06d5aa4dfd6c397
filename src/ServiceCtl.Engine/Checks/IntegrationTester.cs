using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Health;

namespace ServiceCtl.Engine.Checks;

/// <summary>Posts the requests of the integration tests to the running service, one after the other, and compares the answers.</summary>
internal sealed class IntegrationTester : IDisposable
{
    private const int BodyLimit = 10 * 1024 * 1024;

    private const int ShownOfBody = 200;

    private readonly string _service;
    private readonly string? _token;
    private readonly TokenPlace _place;
    private readonly HttpClient _http;

    public IntegrationTester(string service, ProbeSite site, string? token, TokenPlace place)
    {
        _service = service;
        _token = token;
        _place = place;
        _http = ServiceConnection.OpenClient(site);
        _http.MaxResponseContentBufferSize = BodyLimit;
    }

    public async Task<PyServiceTestResult> RunAsync(IntegrationTest test, CancellationToken cancellation)
    {
        var call = JsonRpcCall.Of(test, _token, _place);
        var result = new PyServiceTestResult
        {
            Service = _service,
            Name = test.Name,
            Kind = ServiceTestKind.Integration,
            Outcome = ServiceTestOutcome.Failed,
            Critical = test.Critical,
            Expected = JsonValues.Text(call.Expected),
            Place = test.Origin.Place,
        };
        var begin = Stopwatch.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(test.Limit);
        try
        {
            result = Judge(result, call, await AskAsync(call.Request, test.Path, limit.Token));
        }
        catch (HttpRequestException error)
        {
            result = result with { Message = $"The service could not be asked: {ProbeTls.Reason(error)}." };
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            result = result with { Message = $"No answer within {test.Limit.TotalSeconds:0.###} s." };
        }

        return result with { Duration = Stopwatch.GetElapsedTime(begin) };
    }

    public void Dispose() => _http.Dispose();

    private async Task<(int Status, string Body)> AskAsync(JsonNode? request, string path, CancellationToken cancellation)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(JsonValues.Text(request), Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        if (_token is not null && _place == TokenPlace.Header)
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
        using var response = await _http.SendAsync(message, cancellation);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(cancellation));
    }

    /// <summary>The answer counts, whatever its status: JSON-RPC errors come with any of them.</summary>
    private static PyServiceTestResult Judge(PyServiceTestResult result, JsonRpcCall call, (int Status, string Body) answer)
    {
        JsonNode? actual;
        try
        {
            actual = JsonValues.Parse(answer.Body);
        }
        catch (JsonException)
        {
            var shown = answer.Body.Length > ShownOfBody ? answer.Body[..ShownOfBody] + "…" : answer.Body;
            return result with
            {
                Message =
                    $"The answer is not JSON (status {answer.Status}): "
                        + $"{(shown.Length == 0 ? "it is empty" : shown.ReplaceLineEndings(" "))}"
            };
        }

        var differences = JsonDifference.Between(call.Expected, actual);
        return differences.Count == 0
            ? result with { Outcome = ServiceTestOutcome.Passed, Actual = JsonValues.Text(actual) }
            : result with
            {
                Message = $"The answer (status {answer.Status}) is not the expected one.",
                Differences = differences,
                Actual = JsonValues.Text(actual),
            };
    }
}
