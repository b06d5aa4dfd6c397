using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ServiceCtl.Tests.Unit.Alerts;

/// <summary>Takes alerts by HTTP and answers each with the bytes that a test gives.</summary>
internal sealed class FakeHook : IAsyncDisposable
{
    public const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _accepting;

    public FakeHook()
    {
        _listener.Start();
        _accepting = Task.Run(AcceptAsync);
    }

    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/x");

    public ConcurrentQueue<string> Asked { get; } = [];

    public string Answer { get; set; } = Ok;

    /// <summary>Completes when answers may go out.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
            var length = 0;
            while (await reader.ReadLineAsync() is { Length: > 0 } line)
            {
                if (line.Split(':', 2) is ["Content-Length", var size])
                    length = int.Parse(size, CultureInfo.InvariantCulture);
            }

            var body = new char[length];
            await reader.ReadBlockAsync(body);
            Asked.Enqueue(new string(body));
            await Gate;
            await stream.WriteAsync(Encoding.Latin1.GetBytes(Answer));
        }
        catch (IOException)
        {
            // The other end has heard enough.
        }
    }
}
