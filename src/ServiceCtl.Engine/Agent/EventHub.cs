using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Serilog;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Agent;

/// <summary>Keeps the last events, and passes new ones on to whoever follows. A follower that does not keep up loses the oldest ones.</summary>
internal sealed class EventHub
{
    private const int Kept = 1000;

    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private readonly Queue<ServiceEvent> _past = new();
    private readonly ConcurrentDictionary<Channel<ServiceEvent>, byte> _followers = new();

    public EventHub(ILogger log)
    {
        _log = log;
    }

    public void Publish(ServiceEvent happened)
    {
        _log.Information("{Service} {Kind}: {Message}", happened.Service, happened.Kind, happened.Message);
        lock (_gate)
        {
            _past.Enqueue(happened);
            if (_past.Count > Kept)
                _past.Dequeue();
            foreach (var follower in _followers.Keys)
                follower.Writer.TryWrite(happened);
        }
    }

    /// <summary>What is remembered, oldest first, and then, to a follower, what happens.</summary>
    public async IAsyncEnumerable<ServiceEvent> ReadAsync(bool follow, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var channel = Channel.CreateBounded<ServiceEvent>(new BoundedChannelOptions(Kept) { FullMode = BoundedChannelFullMode.DropOldest });
        ServiceEvent[] past;
        lock (_gate)
        {
            past = [.. _past];
            if (follow)
                _followers[channel] = 0;
        }

        try
        {
            foreach (var happened in past)
                yield return happened;
            if (!follow)
                yield break;
            await foreach (var happened in channel.Reader.ReadAllAsync(cancellation))
                yield return happened;
        }
        finally
        {
            _followers.TryRemove(channel, out _);
        }
    }
}
