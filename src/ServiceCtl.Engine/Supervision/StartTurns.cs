namespace ServiceCtl.Engine.Supervision;

/// <summary>
/// Lets so many services and no more be started again at the same time; others wait for their turn, in the order in which they came. It
/// is for what nobody has ordered: an order waits for nothing here. What a service does beside counts as one.
/// </summary>
internal sealed class StartTurns
{
    private readonly Lock _gate = new();
    private readonly Func<int> _limit;
    private readonly Dictionary<string, int> _holders = new(StringComparer.Ordinal);
    private readonly LinkedList<Turn> _waiting = [];

    /// <param name="limit">How many services, now.</param>
    public StartTurns(Func<int> limit)
    {
        _limit = limit;
    }

    /// <summary>Services whose turn it is.</summary>
    public int Running
    {
        get
        {
            lock (_gate)
                return _holders.Count;
        }
    }

    /// <summary>Has something begun when it is the service's turn: at once, or when another one's is over.</summary>
    /// <param name="service">Its name.</param>
    /// <param name="begin">Gets the turn, which it has to dispose; must not block.</param>
    public Turn Ask(string service, Action<Turn> begin)
    {
        var turn = new Turn(this, service, begin);
        bool isGranted;
        lock (_gate)
        {
            isGranted = TryGrant(turn);
            if (!isGranted)
                turn.Place = _waiting.AddLast(turn);
        }

        if (isGranted)
            begin(turn);
        return turn;
    }

    /// <summary>The same for whoever waits for it.</summary>
    /// <param name="service">Its name.</param>
    /// <param name="wait">Is done if it has to wait.</param>
    /// <param name="cancellation">Gives its place up.</param>
    public async Task<Turn> AskAsync(string service, Action wait, CancellationToken cancellation)
    {
        var granted = new TaskCompletionSource<Turn>(TaskCreationOptions.RunContinuationsAsynchronously);
        var turn = Ask(service, granted.SetResult);
        if (turn.IsWaiting)
            wait();
        try
        {
            return await granted.Task.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            turn.Dispose();
            throw;
        }
    }

    private bool TryGrant(Turn turn)
    {
        var held = _holders.GetValueOrDefault(turn.Service);
        if (held == 0 && _holders.Count >= Math.Max(1, _limit()))
            return false;
        _holders[turn.Service] = held + 1;
        turn.Place = null;
        turn.IsGranted = true;
        return true;
    }

    private void Leave(Turn turn)
    {
        var next = new List<Turn>();
        lock (_gate)
        {
            if (turn.Place is { } place)
                _waiting.Remove(place);
            turn.Place = null;
            if (!turn.IsGranted)
                return;
            turn.IsGranted = false;
            if (--_holders[turn.Service] == 0)
                _holders.Remove(turn.Service);
            for (var node = _waiting.First; node is not null;)
            {
                var (waiting, after) = (node.Value, node.Next);
                if (TryGrant(waiting))
                {
                    _waiting.Remove(node);
                    next.Add(waiting);
                }

                node = after;
            }
        }

        foreach (var granted in next)
            granted.Begin(granted);
    }

    /// <summary>One that waits, or has begun; over when it is disposed.</summary>
    internal sealed class Turn(StartTurns turns, string service, Action<Turn> begin) : IDisposable
    {
        public string Service => service;

        public Action<Turn> Begin => begin;

        public bool IsWaiting => Place is not null;

        internal LinkedListNode<Turn>? Place { get; set; }

        internal bool IsGranted { get; set; }

        public void Dispose() => turns.Leave(this);
    }
}
