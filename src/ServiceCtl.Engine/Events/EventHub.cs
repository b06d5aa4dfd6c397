using System.Runtime.CompilerServices;
using System.Text.Json;
using Serilog;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Events;

/// <summary>
/// Numbers events, keeps them in memory and on disk, and lets others follow: each at its own pace, none loses one that is kept.
/// </summary>
internal sealed class EventHub : IDisposable
{
    private const long MostInMemory = JournalSize.Default;

    private readonly string _path;
    private readonly EventJournal _journal;
    private readonly long _room;
    private readonly bool _isLarger;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private readonly Queue<(ServiceEvent Event, int Size)> _kept = new();
    private TaskCompletionSource _next = NewSignal();
    private long _size;
    private long _last;
    private bool _isTold;

    /// <param name="path">The journal; what is in it belongs to the past of this agent.</param>
    /// <param name="log">Gets the events as well.</param>
    /// <param name="size">How much of them is kept on disk.</param>
    public EventHub(string path, ILogger log, long size = JournalSize.Default)
    {
        _path = path;
        _log = log;
        _journal = new EventJournal(path, size);
        _room = Math.Min(size, MostInMemory);
        _isLarger = size > MostInMemory;
        try
        {
            foreach (var happened in EventJournal.Read(path))
                Keep(happened, Serialize(happened).Length);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            log.Error("The events of the past can't be read: {Message}", error.Message);
        }
    }

    /// <summary>The number of the last event.</summary>
    public long Last
    {
        get
        {
            lock (_gate)
                return _last;
        }
    }

    /// <summary>Hears of an event when it is written; set before the first.</summary>
    public Action<ServiceEvent>? Published { get; set; }

    public void Publish(ServiceEvent happened) => Add(happened);

    /// <summary>The same.</summary>
    /// <returns>The number that it was given.</returns>
    public long Add(ServiceEvent happened)
    {
        TaskCompletionSource waited;
        lock (_gate)
        {
            happened = EventLevels.Complete(happened) with { Sequence = _last + 1 };
            var line = Serialize(happened);
            Keep(happened, line.Length);
            Write(line);
            waited = _next;
            _next = NewSignal();
        }

        waited.SetResult();
        Published?.Invoke(happened);
        _log.Information("{Service} {Kind}: {Message}", happened.Service, happened.Kind, happened.Message);
        return happened.Sequence;
    }

    /// <summary>What is kept, oldest first; then, to a follower, a null, and what happens.</summary>
    /// <param name="after">The number of the last event that the caller has seen.</param>
    /// <param name="follow">Goes on until cancelled.</param>
    /// <param name="cancellation">Ends it.</param>
    public async IAsyncEnumerable<ServiceEvent?> ReadAsync(long after, bool follow, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var isPast = true; ; isPast = false)
        {
            ServiceEvent[] found;
            Task next;
            lock (_gate)
            {
                // The journal was lost, and the numbers began again: the caller has seen none of these.
                after = after > _last ? 0 : after;
                found = [.. _kept.Select(kept => kept.Event).SkipWhile(kept => kept.Sequence <= after)];
                next = _next.Task;
            }

            if (_isLarger && found is [var first, ..] && first.Sequence > after + 1)
            {
                foreach (var happened in ReadOlder(after, first.Sequence))
                    yield return happened;
            }

            foreach (var happened in found)
                yield return happened;
            if (!follow)
                yield break;
            if (isPast)
                yield return null;
            after = found is [.., var last] ? last.Sequence : after;
            await next.WaitAsync(cancellation);
        }
    }

    public void Dispose()
    {
        lock (_gate)
            _journal.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static byte[] Serialize(ServiceEvent happened) => JsonSerializer.SerializeToUtf8Bytes(happened, EventJson.Default.ServiceEvent);

    private void Keep(ServiceEvent happened, int size)
    {
        _last = happened.Sequence;
        _kept.Enqueue((happened, size));
        _size += size;
        while (_size > _room && _kept.Count > 1)
            _size -= _kept.Dequeue().Size;
    }

    /// <summary>A journal may hold more than memory does.</summary>
    private IReadOnlyList<ServiceEvent> ReadOlder(long after, long first)
    {
        try
        {
            return [.. new JournalFollower(_path).Read().Where(happened => happened.Sequence > after && happened.Sequence < first)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _log.Error("The events of the past can't be read: {Message}", error.Message);
            return [];
        }
    }

    private void Write(byte[] line)
    {
        try
        {
            _journal.Append(line);
            _isTold = false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _journal.Dispose();
            if (!_isTold)
                _log.Error("Events are kept in memory only: {Message}", error.Message);
            _isTold = true;
        }
    }
}
