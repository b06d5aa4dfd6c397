using System.Net.Sockets;
using System.Text;

namespace ServiceCtl.Tests.Integration.Support;

/// <summary>Requests without a pause, each on a fresh connection; counts those that were not answered with a 200.</summary>
public sealed class Answers(int port) : IAsyncDisposable
{
    private readonly Load _load = new(token => AskAsync(port, token), clients: 2);
    private bool _isDisposed;

    public int Count => _load.Succeeded + _load.Failed;

    public int Failed => _load.Failed;

    public string? FirstFailure => _load.FirstFailure;

    public async Task ReachAsync(int count)
    {
        using var limit = Patience.Begin();
        while (Count < count)
            await Task.Delay(20, limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (!Interlocked.Exchange(ref _isDisposed, true))
            await _load.DisposeAsync();
    }

    private static async Task AskAsync(int port, CancellationToken limit)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, limit);
        var stream = client.GetStream();
        await stream.WriteAsync("GET /work HTTP/1.0\r\n\r\n"u8.ToArray(), limit);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var answer = await reader.ReadToEndAsync(limit);
        if (!answer.Contains(" 200 ", StringComparison.Ordinal))
            throw new IOException($"answered '{answer}'");
    }
}
