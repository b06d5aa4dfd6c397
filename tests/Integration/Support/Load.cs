using System.Net.Sockets;
using System.Text;

namespace ServiceCtl.Tests.Integration.Support;

/// <summary>Requests without a pause from a few clients, each on a fresh connection; whatever is not a 200 counts as failed.</summary>
public sealed class Load : IAsyncDisposable
{
    private static readonly byte[] Request = "GET /ping HTTP/1.0\r\n\r\n"u8.ToArray();

    private readonly CancellationTokenSource _end = new();
    private readonly Task[] _clients;
    private readonly int _port;
    private int _succeeded;
    private int _failed;
    private string? _firstFailure;

    public Load(int port, int clients = 4)
    {
        _port = port;
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
                await AskAsync();
                Interlocked.Increment(ref _succeeded);
            }
            catch (Exception error) when (error is SocketException or IOException or TimeoutException)
            {
                Interlocked.CompareExchange(ref _firstFailure, error.ToString(), null);
                Interlocked.Increment(ref _failed);
            }
        }
    }

    private async Task AskAsync()
    {
        using var client = new TcpClient();
        using var limit = Patience.Begin();
        try
        {
            await client.ConnectAsync("127.0.0.1", _port, limit.Token);
            var stream = client.GetStream();
            await stream.WriteAsync(Request, limit.Token);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            var answer = await reader.ReadToEndAsync(limit.Token);
            if (!answer.Contains(" 200 ", StringComparison.Ordinal))
                throw new IOException($"answered '{answer}'");
        }
        catch (OperationCanceledException error)
        {
            throw new TimeoutException("no answer within 15 s", error);
        }
    }
}
