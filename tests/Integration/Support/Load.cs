using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace ServiceCtl.Tests.Integration.Support;

/// <summary>Requests without a pause from a few clients, each on a fresh connection; whatever is not a 200 counts as failed.</summary>
public sealed class Load : IAsyncDisposable
{
    private static readonly byte[] Request = "GET /ping HTTP/1.0\r\n\r\n"u8.ToArray();

    private readonly CancellationTokenSource _end = new();
    private readonly Task[] _clients;
    private readonly Func<CancellationToken, Task> _ask;
    private int _succeeded;
    private int _failed;
    private string? _firstFailure;

    public Load(int port, int clients = 4)
        : this("127.0.0.1", port, clients)
    {
    }

    /// <summary>Of a service on a host with a network of its own.</summary>
    public Load(string ip, int port, int clients = 4)
        : this(limit => AskAsync(ip, port, limit), clients)
    {
    }

    /// <param name="ask">Asks once, on a connection of its own, and throws where the answer is not the right one.</param>
    /// <param name="clients">How many ask at a time.</param>
    public Load(Func<CancellationToken, Task> ask, int clients)
    {
        _ask = ask;
        _clients = [.. Enumerable.Range(0, clients).Select(_ => Task.Run(RunAsync))];
    }

    public int Succeeded => Volatile.Read(ref _succeeded);

    public int Failed => Volatile.Read(ref _failed);

    public string? FirstFailure => _firstFailure;

    public async Task ReachAsync(int succeeded)
    {
        using var limit = Patience.Begin();
        while (Succeeded < succeeded)
            await Task.Delay(20, limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_clients);
        _end.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
                await _ask(limit.Token);
                Interlocked.Increment(ref _succeeded);
            }
            catch (Exception error) when (error is SocketException or IOException or OperationCanceledException or AuthenticationException)
            {
                Interlocked.CompareExchange(ref _firstFailure, error.ToString(), null);
                Interlocked.Increment(ref _failed);
            }
        }
    }

    private static async Task AskAsync(string ip, int port, CancellationToken limit)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(ip, port, limit);
        var stream = client.GetStream();
        await stream.WriteAsync(Request, limit);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var answer = await reader.ReadToEndAsync(limit);
        if (!answer.Contains(" 200 ", StringComparison.Ordinal))
            throw new IOException($"answered '{answer}'");
    }
}
