using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace ServiceCtl.Tests.Integration.Support;

/// <summary>Asks for /ping as clients and web servers in front do: HTTP, HTTPS, uwsgi, FastCGI, SCGI.</summary>
public static class Spoken
{
    private static readonly (string Name, string Value)[] Variables =
    [
        ("CONTENT_LENGTH", "0"), ("SCGI", "1"), ("REQUEST_METHOD", "GET"), ("REQUEST_URI", "/ping"), ("PATH_INFO", "/ping"),
        ("QUERY_STRING", ""),
        ("SERVER_NAME", "localhost"), ("SERVER_PORT", "80"), ("SERVER_PROTOCOL", "HTTP/1.0"),
    ];

    /// <returns>Everything that was answered, until it was whole or the server closed.</returns>
    public static async Task<string> AskAsync(string protocol, EndPoint address, CancellationToken cancellation)
    {
        using var client = new Socket(address.AddressFamily, SocketType.Stream,
            address is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified);
        await client.ConnectAsync(address, cancellation);
        await using Stream plain = new NetworkStream(client);
        await using var stream = protocol == "https" ? await SecureAsync(plain, cancellation) : plain;
        await stream.WriteAsync(Question(protocol), cancellation);
        var answer = "";
        var buffer = new byte[4096];
        // uWSGI's own HTTP/1.1 keeps a connection, whatever the client asks for.
        while (!IsWhole(answer) && await stream.ReadAsync(buffer, cancellation) is > 0 and var length)
            answer += Encoding.Latin1.GetString(buffer, 0, length);
        return answer;
    }

    private static bool IsWhole(string answer)
    {
        var head = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var named = answer.IndexOf("Content-Length: ", StringComparison.Ordinal);
        return answer.StartsWith("HTTP/", StringComparison.Ordinal) && named > 0 && head > named
            && answer.Length >= head + 4 + int.Parse(
                answer.AsSpan()[(named + 16)..].Slice(0, answer.AsSpan()[(named + 16)..].IndexOf('\r')), CultureInfo.InvariantCulture);
    }

    private static async Task<Stream> SecureAsync(Stream plain, CancellationToken cancellation)
    {
        var secure = new SslStream(plain);
#pragma warning disable CA5359 // The certificate was made by the test.
        await secure.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "localhost", RemoteCertificateValidationCallback = (_, _, _, _) => true },
            cancellation);
#pragma warning restore CA5359
        return secure;
    }

    private static byte[] Question(string protocol) => protocol switch
    {
        "uwsgi" => Uwsgi(),
        "fastcgi" => [.. Record(1, [0, 1, 0, 0, 0, 0, 0, 0]), .. Record(4, FastCgiVariables()), .. Record(4, []), .. Record(5, [])],
        "scgi" => Scgi(),
        _ => "GET /ping HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8.ToArray(),
    };

    private static byte[] Uwsgi()
    {
        var body = Variables.SelectMany(variable => (byte[])[.. Counted(variable.Name), .. Counted(variable.Value)]).ToArray();
        return [0, (byte)body.Length, (byte)(body.Length >> 8), 0, .. body];
    }

    private static byte[] Counted(string text) => [(byte)text.Length, 0, .. Encoding.ASCII.GetBytes(text)];

    private static byte[] Scgi()
    {
        var head = string.Concat(Variables.Select(variable => $"{variable.Name}\0{variable.Value}\0"));
        return Encoding.ASCII.GetBytes($"{head.Length}:{head},");
    }

    private static byte[] FastCgiVariables() =>
        [.. Variables.SelectMany(
            variable => (byte[])[(byte)variable.Name.Length, (byte)variable.Value.Length,
                .. Encoding.ASCII.GetBytes(variable.Name + variable.Value)])];

    private static byte[] Record(byte type, byte[] content)
    {
        var record = new byte[8 + content.Length];
        (record[0], record[1], record[3]) = (1, type, 1);
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(4), (ushort)content.Length);
        content.CopyTo(record, 8);
        return record;
    }
}
