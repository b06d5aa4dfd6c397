using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Health;

/// <summary>
/// The same question for a service that speaks the uwsgi protocol only (<c>socket:</c>, behind nginx).
/// Format: https://uwsgi-docs.readthedocs.io/en/latest/Protocol.html
/// </summary>
public sealed class UwsgiProbe : IProbe
{
    private readonly ListenAddress _address;
    private readonly string _path;
    private readonly TimeSpan _timeout;

    public UwsgiProbe(ListenAddress address, string path, TimeSpan timeout)
    {
        _address = address;
        _path = path;
        _timeout = timeout;
    }

    public async Task<ProbeAnswer> AskAsync(CancellationToken cancellation)
    {
        var answer = await AskAsync("GET", cancellation);
        return answer.Status == 405 ? Judge(await AskAsync("POST", cancellation)) : Judge(answer);
    }

    public void Dispose()
    {
        // Every question has a connection of its own.
    }

    private static ProbeAnswer Judge((int? Status, string Words) answer) => new(answer.Status < 400, answer.Words);

    private async Task<(int? Status, string Words)> AskAsync(string method, CancellationToken cancellation)
    {
        var question = $"{method} {_path} on {_address} (uwsgi protocol)";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_timeout);
        try
        {
            await using var stream = await ServiceConnection.OpenAsync(_address, limit.Token);
            await stream.WriteAsync(Request(method), limit.Token);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            var line = await reader.ReadLineAsync(limit.Token);
            return line?.Split(' ') is [_, var code, ..] && int.TryParse(code, out var status)
                ? (status, $"{question} answered {status}")
                : (null, $"{question} answered '{line}', which is no HTTP status line");
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            return (null, $"{question} failed: {error.Message}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (null, $"{question} did not answer within {_timeout.TotalSeconds:0.#} s");
        }
    }

    private byte[] Request(string method)
    {
        using var variables = new MemoryStream();
        foreach (var (name, value) in new[]
        {
            ("REQUEST_METHOD", method), ("REQUEST_URI", _path), ("PATH_INFO", _path), ("QUERY_STRING", ""),
            ("SERVER_PROTOCOL", "HTTP/1.1"), ("SERVER_NAME", "localhost"), ("SERVER_PORT", "80"), ("HTTP_HOST", "localhost"), ("CONTENT_LENGTH", "0"),
        })
        {
            Append(variables, name);
            Append(variables, value);
        }

        var packet = new byte[4 + variables.Length];
        BinaryPrimitives.WriteUInt16LittleEndian(packet.AsSpan(1), checked((ushort)variables.Length));
        variables.ToArray().CopyTo(packet, 4);
        return packet;

        static void Append(MemoryStream target, string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            Span<byte> length = stackalloc byte[2];
            BinaryPrimitives.WriteUInt16LittleEndian(length, checked((ushort)bytes.Length));
            target.Write(length);
            target.Write(bytes);
        }
    }
}
