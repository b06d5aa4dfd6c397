using System.Net.Sockets;
using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Agent;

/// <summary>
/// A command of this version meets an agent of an earlier one, which knows fewer requests and says less. The other way round is how answers
/// are read: unknown properties are passed over.
/// </summary>
public sealed class OlderAgentTests : IAsyncDisposable
{
    private const string Service =
        """{"name":"web","state":"Running","pid":4242,"generation":1,"runner":"uwsgi","path":"/srv/web","configPath":"/srv/web/config.yaml"}""";

    private readonly Home _home = new();
    private readonly CancellationTokenSource _end = new();
    private readonly List<string> _asked = [];
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Task _serving;

    public OlderAgentTests()
    {
        Directory.CreateDirectory(_home.Paths.Home);
        _listener.Bind(new UnixDomainSocketEndPoint(_home.Paths.Socket));
        _listener.Listen();
        _serving = ServeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _serving;
        File.Delete(_home.Paths.Socket);
        _end.Dispose();
        await _home.DisposeAsync();
    }

    [Fact]
    public async Task What_it_knows_works_and_what_it_does_not_know_names_what_to_restart()
    {
        var list = await _home.RunAsync("/", "list");
        var agent = await _home.RunAsync("/", "agent");
        var enable = await _home.RunAsync("/", "disable", "web");

        Assert.Equal((0, "web  Running     -         /srv/web/config.yaml\n"), (list.Code, list.Output));
        Assert.Contains("Agent 0.1.0", agent.Output, StringComparison.Ordinal);
        Assert.Contains("'servicectl agent restart' replaces the agent; services keep running.", agent.Output, StringComparison.Ordinal);
        Assert.Equal(1, enable.Code);
        Assert.Contains("The running agent is of another version, which can't do that. Nothing was changed.", enable.Error,
            StringComparison.Ordinal);
        Assert.Contains("'servicectl agent restart'", enable.Error, StringComparison.Ordinal);
        Assert.Equal(ServiceState.Running, Assert.Single(await _home.Client.Services.GetAsync([], CancellationToken.None)).State);
        // It was asked for nothing that it could have obeyed.
        Assert.DoesNotContain(_asked, request => request.StartsWith("POST", StringComparison.Ordinal));
    }

    /// <summary>It would pass over the canary, and serve the release to everybody at once.</summary>
    [Fact]
    public async Task A_canary_is_refused_by_one_that_knows_none()
    {
        var request = new ReleaseSwitchRequest
        {
            Service = "web",
            Release = "/srv/web/releases/2",
            Link = "/srv/web/current",
            Canary = new ReleaseCanary { Shares = [5], StepSeconds = 1, MinRequests = 1, NewExceptions = 1 },
        };

        var refused = await Assert.ThrowsAsync<ServiceCtlException>(
            () => _home.Client.Services.SwitchReleaseAsync(request, null, CancellationToken.None));

        Assert.Contains("of another version, which can't do that. Nothing was changed.", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_asked, asked => asked.StartsWith("POST /v1/releases ", StringComparison.Ordinal));
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var connection = await _listener.AcceptAsync(_end.Token);
                using var stream = new NetworkStream(connection);
                using var reader = new StreamReader(stream, leaveOpen: true);
                if (await reader.ReadLineAsync(_end.Token) is not { } request)
                    continue;
                while (await reader.ReadLineAsync(_end.Token) is { Length: > 0 })
                {
                }

                _asked.Add(request);
                await stream.WriteAsync(Encoding.UTF8.GetBytes(Answer(request)), _end.Token);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The test has ended.
        }
    }

    private string Answer(string request) => request.Split(' ')[1].Split('?')[0] switch
    {
        "/v1/services" => Ok($"[{Service}]"),
        "/v1/agent" =>
            Ok(
                $$"""{"pid":17,"version":"0.1.0","startedAt":"2026-01-01T00:00:00Z","socket":"{{_home.Paths.Socket}}","logPath":"/x","user":"root","services":1,"running":1}"""),
        _ => "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    };

    private static string Ok(string json) =>
        $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\nConnection: close\r\n\r\n{json}";
}
