using System.Net.Sockets;
using ServiceCtl.Engine.Runners.Uwsgi;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Tests.Fuzz.Targets;

/// <summary>What stands on a stats socket, as a service may answer it.</summary>
internal sealed class StatsTarget : IFuzzTarget
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sc-fuzz-").FullName;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly ListenAddress _address;
    private byte[] _answer = [];

    public StatsTarget()
    {
        var path = Path.Combine(_folder, "stats.sock");
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
        _address = ListenAddress.TryParse(path, _folder, out var address) ? address : throw new FaultException($"{path} is no address.");
        _ = AnswerAsync();
    }

    public IReadOnlyList<string> Dictionary { get; } =
        ["\"pid\":", "\"workers\":[", "\"apps\":[{}]", "\"avg_rt\":", "\"respawn_count\":", "\"requests\":", "\"exceptions\":",
            "\"status\":", "\"cwd\":\"", "\"name\":\"", "HTTP/1.1 200 OK\r\n\r\n"];

    public async Task<string> RunAsync(byte[] input)
    {
        _answer = input;
        var stats = await UwsgiStats.TryReadAsync(_address, user: null, CancellationToken.None);
        return stats is null
            ? "none" : $"{stats.Workers.Count} workers {string.Join(' ', stats.Workers.Select(worker => worker.Status).Distinct())}";
    }

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task AnswerAsync()
    {
        while (true)
        {
            using var client = await _listener.AcceptAsync();
            try
            {
                await client.SendAsync(_answer);
            }
            catch (SocketException)
            {
                // It has heard enough.
            }
        }
    }
}
