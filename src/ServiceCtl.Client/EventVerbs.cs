using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Events;

namespace ServiceCtl.Client;

/// <summary>What has happened to services. The past is on disk, so that it needs no agent; none is started.</summary>
public sealed class EventVerbs
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(250);

    private readonly AgentConnection _agent;
    private readonly CatalogVerbs _catalog;

    internal EventVerbs(AgentConnection agent, CatalogVerbs catalog)
    {
        _agent = agent;
        _catalog = catalog;
    }

    /// <summary>
    /// Events, the oldest first, as they come. A follower stays when the agent goes, and misses and doubles nothing when there is a new
    /// one.
    /// </summary>
    /// <exception cref="ServiceCtlException">
    /// <see cref="ErrorCode.ServiceNotFound"/>: a literal name is not known; <see cref="ErrorCode.InvalidArgument"/>: the request
    /// contradicts itself.
    /// </exception>
    public async IAsyncEnumerable<ServiceEvent> ReadAsync(EventRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var happened in ReadMarkedAsync(request, cancellation))
        {
            if (happened is not null)
                yield return happened;
        }
    }

    /// <summary>The same, with one null between what has happened and what comes, where the request follows.</summary>
    public async IAsyncEnumerable<ServiceEvent?> ReadMarkedAsync(
        EventRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (request is { Follow: true, Until: not null })
            throw LogVerbs.EndlessRequest();
        var names = request.Services.Count == 0 ? null : (await _catalog.GetNamesAsync(request.Services, cancellation)).ToHashSet();
        var events = ReadAllEventsAsync(request.Follow, cancellation)
            .Select(happened => happened is null ? null : EventLevels.Complete(happened))
            .Where(happened => happened is null || IsWanted(happened));
        if ((request.Tail ?? (request is { Follow: true, Since: null } ? LogRequest.FollowedTail : null)) is { } tail)
            events = Marked.LastAsync(events, tail, cancellation);
        await foreach (var happened in events)
            yield return happened;

        bool IsWanted(ServiceEvent happened) =>
            names?.Contains(happened.Service) != false
            && (!request.OnlyFailures || happened.Failure is not null)
            && (request.Kinds.Count == 0 || request.Kinds.Contains(happened.Kind))
            && !(happened.Level < request.Level)
            && !(happened.Time < request.Since)
            && !(happened.Time > request.Until);
    }

    /// <summary>
    /// Events of several hosts: what has happened in the order of the times, each by the clock of its host, and then what happens.
    /// </summary>
    internal static async IAsyncEnumerable<ServiceEvent> MergeAsync(
        IReadOnlyList<IAsyncEnumerable<ServiceEvent?>> hosts, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // As lines of logs, which are merged in the same way; the event comes along by its place.
        var (carried, count) = (new ConcurrentDictionary<int, ServiceEvent>(), 0);
        await foreach (var line in LogMerge.ByTimeAsync([.. hosts.Select(CarryAsync)], cancellation))
        {
            if (line?.Generation is { } place && carried.TryRemove(place, out var happened))
                yield return happened;
        }

        async IAsyncEnumerable<LogLine?> CarryAsync(IAsyncEnumerable<ServiceEvent?> events)
        {
            await foreach (var happened in events.WithCancellation(cancellation))
            {
                var place = happened is null ? 0 : Interlocked.Increment(ref count);
                if (happened is not null)
                    carried[place] = happened;
                yield return happened is null ? null
                    : new LogLine { Service = happened.Service, Text = "", Time = happened.Time, Generation = place };
            }
        }
    }

    /// <summary>All of them, with one null between the past and what happens.</summary>
    private async IAsyncEnumerable<ServiceEvent?> ReadAllEventsAsync(bool follow, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var position = 0L;
        var isPast = true;
        DateTime? read = null;
        while (true)
        {
            var isReached = false;
            await foreach (var happened in ReadFromAgentAsync(position, follow, cancellation))
            {
                isReached = true;
                position = happened?.Sequence ?? position;
                if (happened is not null || isPast)
                    yield return happened;
                isPast &= happened is not null;
            }

            if (_agent.HostName is not null && !follow)
                yield break;
            if (_agent.HostName is not null)
            {
                await Task.Delay(AskAgain, cancellation);
                continue;
            }

            if (!LocalHost.HasServices)
                throw LocalHost.Unsupported();
            // An agent may have ended before it could tell the last of them.
            var written = File.GetLastWriteTimeUtc(_agent.Paths.Events);
            if (!isReached && written != read)
            {
                read = written;
                foreach (var happened in ReadFromDisk().SkipWhile(happened => happened.Sequence <= position))
                {
                    position = happened.Sequence;
                    yield return happened;
                }

                if (follow && isPast)
                    yield return null;
                isPast = false;
            }

            if (!follow)
                yield break;
            await Task.Delay(AskAgain, cancellation);
        }
    }

    /// <summary>Ends, without a word, where there is no agent, or no longer.</summary>
    private async IAsyncEnumerable<ServiceEvent?> ReadFromAgentAsync(
        long after, bool follow, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var events = _agent.Api.ReadEventsAsync(after, follow, cancellation).GetAsyncEnumerator(cancellation);
        while (await MoveNextAsync())
            yield return events.Current;

        async ValueTask<bool> MoveNextAsync()
        {
            try
            {
                return await events.MoveNextAsync();
            }
            catch (ServiceCtlException error) when (error.Code is ErrorCode.AgentUnreachable)
            {
                return false;
            }
        }
    }

    [SupportedOSPlatform("linux")]
    private IEnumerable<ServiceEvent> ReadFromDisk()
    {
        try
        {
            return [.. EventJournal.Read(_agent.Paths.Events)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ServiceCtlException(ErrorCode.System, _agent.Paths.Events,
                $"The events in {_agent.Paths.Events} can't be read: {error.Message}", "Look at its permissions.", error);
        }
    }
}
