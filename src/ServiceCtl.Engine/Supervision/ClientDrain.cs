using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Supervision;

/// <summary>
/// Waits until a generation owes its clients nothing, so that it may be asked to end: from the kernel's tables, which also tell of those
/// that the server would drop. Servers drop what they accept in the moment they are asked to end, what has sent half a header, or nothing
/// yet; routers and simple programs everything.
/// </summary>
internal sealed class ClientDrain
{
    /// <summary>An idle connection is one that a client may be about to use again.</summary>
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Where the kernel does not tell: within this time handshakes that had begun before complete, and a worker that has just accepted gets
    /// to read.
    /// </summary>
    private static readonly TimeSpan Untold = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan IdlePollInterval = TimeSpan.FromMilliseconds(50);

    private readonly Generation _generation;
    private readonly TimeProvider _time;
    private readonly bool _isRelieved;
    private readonly bool _isReachable;
    private HashSet<ulong>? _handshakes;
    private HashSet<ulong>? _clients;

    /// <param name="generation">Whose clients.</param>
    /// <param name="isRelieved">Has somebody else taken over its address? Otherwise that is given up with it, and nobody gains by an idle
    /// connection that stays.</param>
    /// <param name="time">The clock.</param>
    public ClientDrain(Generation generation, bool isRelieved, TimeProvider time)
    {
        _generation = generation;
        _isRelieved = isRelieved;
        // On a socket that they share generations accept from one queue, as long as they live.
        _isReachable = !isRelieved || generation.Sockets.Count == 0 || generation.Sockets.Any(socket => socket.IsShared);
        _time = time;
    }

    /// <summary>Returns when nothing is owed any more, or at the limit.</summary>
    /// <returns>How many clients are owed something still.</returns>
    public async Task<int> WaitAsync(TimeSpan limit, CancellationToken cancellation)
    {
        var begin = _time.GetTimestamp();
        // Who finishes what has begun needs no help, unless there is a next generation for those that it would drop.
        if (_generation.Listen is null || (!_isRelieved && FinishesRequests))
            return 0;

        // What was accepted a moment ago is in no process's hands yet: one look that finds nobody may be wrong.
        var isClear = false;
        while (true)
        {
            var waited = _time.GetElapsedTime(begin);
            if (_generation.HasEnded)
                return 0;
            var holding = CountHolding(waited);
            if (waited >= limit || (holding == 0 && isClear))
                return holding;
            isClear = holding == 0;
            await Task.Delay(waited < IdleLimit ? PollInterval : IdlePollInterval, _time, cancellation);
        }
    }

    private bool FinishesRequests => _generation.Instances.All(instance => instance.Launch.FinishesRequests);

    private int CountHolding(TimeSpan waited)
    {
        if (ServerClients.Read(_generation.Instances.SelectMany(instance => instance.Scope.KnownPids())) is not { } now)
            return _isReachable || waited >= Untold ? 0 : 1;

        // Those that come later have not been promised anything.
        _handshakes ??= [.. now.Handshakes];
        if (_isReachable)
            _clients ??= [.. now.Accepted.Select(client => client.Id)];
        var coming = _isReachable ? 0 : now.Waiting + now.Handshakes.Count(_handshakes.Contains);
        return coming + now.Accepted.Count(client => _clients?.Contains(client.Id) != false && Holds(client, waited));
    }

    private bool Holds(ClientConnection client, TimeSpan waited)
    {
        if (!_isRelieved)
            return client.IsOwed;
        if (!client.IsOwed)
            return waited < IdleLimit && client.QuietFor < IdleLimit;
        // A server that finishes its requests drops only who has not asked yet, or not to the end; with who was answered before, that is
        // rare, and not for long.
        return waited < IdleLimit || !client.WasAnswered || !FinishesRequests;
    }
}
