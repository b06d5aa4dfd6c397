using System.Net.Http.Headers;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;

namespace ServiceCtl.Engine.Health;

/// <summary>
/// Asks a service for the page on which it shows what goes on inside it. Nothing that it answers costs more than a little.
/// </summary>
internal static class StateProbe
{
    private const int Longest = 1024 * 1024;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Soon = TimeSpan.FromDays(14);

    /// <param name="site">Where it listens.</param>
    /// <param name="page">The path.</param>
    /// <param name="token">By which it knows who asks; null where none was handed over.</param>
    /// <param name="mask">Knows its secrets.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<PyServiceInside> AskAsync(
        ProbeSite site, string page, string? token, SecretMask mask, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        try
        {
            using var http = ServiceConnection.OpenClient(site);
            http.MaxResponseContentBufferSize = Longest;
            using var request = new HttpRequestMessage(HttpMethod.Get, page);
            if (token is not null)
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, limit.Token);
            return response.IsSuccessStatusCode
                ? StatePage.Read(await response.Content.ReadAsByteArrayAsync(limit.Token), mask)
                : Problem($"{page} answered {(int)response.StatusCode}.");
        }
        catch (HttpRequestException error)
        {
            return Problem($"{page} can't be read: {ProbeTls.Reason(error)}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Problem(FormattableString.Invariant($"{page} did not answer within {Limit.TotalSeconds:0.#} s."));
        }
    }

    /// <summary>What its page says that somebody has to do something about; null when nothing is.</summary>
    public static string? FindProblem(PyServiceInside inside, DateTimeOffset now) => inside.Certificates
        .Select(one => one.Expires is not { } expires ? $"The certificate {one.Path} can't be read: {one.Problem}"
            : expires <= now ? $"The certificate {one.Path} has expired."
            : expires - now < Soon ? FormattableString.Invariant($"The certificate {one.Path} expires in {(expires - now).Days} days.")
            : null)
        .FirstOrDefault(problem => problem is not null);

    private static PyServiceInside Problem(string text) => new() { Problem = text };
}
