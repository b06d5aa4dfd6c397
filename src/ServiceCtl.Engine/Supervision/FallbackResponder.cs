using System.Globalization;
using System.Net.Sockets;
using System.Text;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Supervision;

/// <summary>
/// Answers on a service's held socket while the service can't, so that its clients learn when to come back instead of being refused.
/// </summary>
internal sealed class FallbackResponder : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Clients that are answered side by side. One more, and the oldest is given up: half-open ones can't take the agent's descriptors.
    /// </summary>
    private const int MostClients = 256;

    /// <summary>Within this time handshakes that had begun before complete.</summary>
    private static readonly TimeSpan Handshakes = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan QueueLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    private readonly ClientShare _share;
    private CancellationTokenSource? _serving;

    /// <param name="share">The clients that all services together may have here.</param>
    public FallbackResponder(ClientShare share)
    {
        _share = share;
    }

    /// <summary>
    /// What it answers on; null while it is silent. Never a generation's socket: servers make theirs blocking, for everybody who has it,
    /// and an accept would hold up this whole process.
    /// </summary>
    public HeldSocket? Socket { get; private set; }

    public void Serve(HeldSocket socket, RespondRule rule)
    {
        Stop();
        Socket = socket;
        _serving = new CancellationTokenSource();
        _ = AcceptAsync(socket.Socket, Answer(rule), _serving.Token);
    }

    /// <summary>Returns when nobody waits for an answer at a socket that new connections no longer go to.</summary>
    public async Task EmptyAsync(TimeProvider time)
    {
        var begin = time.GetTimestamp();
        while (time.GetElapsedTime(begin) is var elapsed && elapsed < QueueLimit && (elapsed < Handshakes || Socket!.CountWaiting() > 0))
            await Task.Delay(PollInterval, time);
    }

    public void Stop()
    {
        _serving?.Cancel();
        _serving?.Dispose();
        _serving = null;
        Socket = null;
    }

    public void Dispose() => Stop();

    internal static byte[] Answer(RespondRule rule)
    {
        var body = Encoding.UTF8.GetBytes(rule.Body);
        var head = string.Create(CultureInfo.InvariantCulture, $"""
            HTTP/1.1 {rule.Status} {(rule.Status == 503 ? "Service Unavailable" : "Stand-in")}
            Content-Type: {rule.ContentType}
            Content-Length: {body.Length}
            Retry-After: {Math.Ceiling(rule.RetryAfter.TotalSeconds)}
            Connection: close


            """).ReplaceLineEndings("\r\n");
        return [.. Encoding.ASCII.GetBytes(head), .. body];
    }

    private async Task AcceptAsync(Socket listener, byte[] answer, CancellationToken cancellation)
    {
        var clients = new List<(Task Answer, CancellationTokenSource Limit)>();
        try
        {
            while (true)
            {
                var client = await TryAcceptAsync(listener, cancellation);
                if (client is null || clients.Count == MostClients || _share.IsUsedUp)
                    Forget(clients, client => client.Answer.IsCompleted);
                if (client is null || clients.Count == MostClients || (_share.IsUsedUp && clients.Count > 0))
                    await GiveUpAsync(clients, cancellation);
                if (client is null)
                    continue;
                if (!_share.TryTake())
                {
                    // All places are other services'.
                    client.Dispose();
                    continue;
                }

                var limit = new CancellationTokenSource(Patience);
                clients.Add((AnswerAsync(client, answer, limit.Token), limit));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The service has come back, or its address was given up.
        }
    }

    /// <returns>Null when this process has no descriptor left for another client.</returns>
    private static async Task<Socket?> TryAcceptAsync(Socket listener, CancellationToken cancellation)
    {
        try
        {
            return await listener.AcceptAsync(cancellation);
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.TooManyOpenSockets)
        {
            return null;
        }
    }

    private static async Task GiveUpAsync(List<(Task Answer, CancellationTokenSource Limit)> clients, CancellationToken cancellation)
    {
        if (clients.Count == 0)
        {
            await Task.Delay(PollInterval, cancellation);
            return;
        }

        var oldest = clients[0];
        await oldest.Limit.CancelAsync();
        await oldest.Answer;
        Forget(clients, client => client == oldest);
    }

    private static void Forget(
        List<(Task Answer, CancellationTokenSource Limit)> clients, Predicate<(Task Answer, CancellationTokenSource Limit)> isDone)
    {
        foreach (var client in clients.FindAll(isDone))
            client.Limit.Dispose();
        clients.RemoveAll(isDone);
    }

    private async Task AnswerAsync(Socket client, byte[] answer, CancellationToken limit)
    {
        try
        {
            // Inherited from the listener, and not what a stream takes.
            client.Blocking = true;
            await using var stream = new NetworkStream(client, ownsSocket: true);
            // An answer before the question has arrived would be lost in a reset when the socket closes with unread bytes.
            var question = new byte[16 * 1024];
            var length = 0;
            while (length < question.Length && question.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0)
            {
                var read = await stream.ReadAsync(question.AsMemory(length), limit);
                if (read == 0)
                    break;
                length += read;
            }

            await stream.WriteAsync(answer, limit);
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException)
        {
            // The client has gone; there is nobody to tell.
        }
        finally
        {
            _share.Free();
        }
    }
}
