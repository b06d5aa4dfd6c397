using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Health;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners.Uwsgi;

/// <summary>What the master tells on its stats socket. https://uwsgi-docs.readthedocs.io/en/latest/StatsServer.html</summary>
internal sealed partial record UwsgiStats(int MasterPid, IReadOnlyList<WorkerStatus> Workers)
{
    private const int MostBytes = 8 * 1024 * 1024;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>Asks the master; null when it does not answer (yet).</summary>
    public static async Task<UwsgiStats?> TryReadAsync(ListenAddress? address, string? user, CancellationToken cancellation)
    {
        if (address is null)
            return null;

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        try
        {
            await using var stream = await ServiceConnection.OpenAsync(address, user, limit.Token);
            using var answer = new MemoryStream();
            await CopyAsync(stream, answer, limit.Token);
            return Parse(answer.GetBuffer().AsSpan(0, (int)answer.Length));
        }
        catch (Exception error) when (error is SocketException or IOException or JsonException || IsOfAnotherShape(error))
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>
    /// The service's user may have put something else in the master's place: no more is read of it than a thousand workers say.
    /// </summary>
    private static async Task CopyAsync(Stream stream, MemoryStream answer, CancellationToken cancellation)
    {
        var piece = new byte[16 * 1024];
        while (await stream.ReadAsync(piece, cancellation) is var count and > 0)
        {
            if (answer.Length + count > MostBytes)
                throw new IOException($"The answer is longer than {MostBytes} bytes.");
            answer.Write(piece, 0, count);
        }
    }

    private static bool IsOfAnotherShape(Exception error) =>
        error is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException or OverflowException
            or RegexMatchTimeoutException;

    internal static UwsgiStats Parse(ReadOnlySpan<byte> answer)
    {
        // With stats-http an HTTP header comes first.
        var start = answer.IndexOf((byte)'{');
        if (start < 0)
            throw new JsonException("no object in the answer");

        using var document = ParseObject(answer[start..]);
        return new UwsgiStats(
            document.RootElement.GetProperty("pid").GetInt32(),
            [.. document.RootElement.GetProperty("workers").EnumerateArray().Select(Worker)]);
    }

    private static JsonDocument ParseObject(ReadOnlySpan<byte> text)
    {
        try
        {
            var reader = new Utf8JsonReader(text);
            return JsonDocument.ParseValue(ref reader);
        }
        catch (JsonException)
        {
            // uWSGI writes its folders and sockets as they are called, quotes, backslashes and line breaks among them.
            return JsonDocument.Parse(Path().Replace(Encoding.UTF8.GetString(text), "\"$1\":\"\"$2"));
        }
    }

    [GeneratedRegex("""
        "(cwd|chdir|name)":".*?"(,?\s*(?:"\w+":|[}\]]))
        """, RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Path();

    private static WorkerStatus Worker(JsonElement worker) => new()
    {
        Id = worker.GetProperty("id").GetInt32(),
        Pid = worker.GetProperty("pid").GetInt32(),
        Status = worker.GetProperty("status").GetString() ?? "unknown",
        HasApp = worker.GetProperty("apps").GetArrayLength() > 0,
        Requests = worker.GetProperty("requests").GetInt64(),
        Exceptions = worker.GetProperty("exceptions").GetInt64(),
        AverageResponseTime = TimeSpan.FromMicroseconds(worker.GetProperty("avg_rt").GetInt64()),
        RequestTime = TimeSpan.FromMicroseconds(worker.TryGetProperty("running_time", out var time) ? time.GetInt64() : 0),
        Respawns = Math.Max(0, worker.GetProperty("respawn_count").GetInt32() - 1),
    };
}
