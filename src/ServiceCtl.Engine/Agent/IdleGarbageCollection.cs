namespace ServiceCtl.Engine.Agent;

/// <summary>
/// Gives back to the system what a burst of orders left on the heap, once it is quiet again. An agent is idle for most of its life; the
/// runtime would keep what it allocated, tens of megabytes, until the next burst.
/// </summary>
internal sealed class IdleGarbageCollection : IDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);

    /// <summary>Bytes below which a collection gives back less than it costs: somebody who asks every few seconds pays for none.</summary>
    private const long Worthwhile = 4 << 20;

    private readonly ITimer _timer;
    private long _allocated;

    public IdleGarbageCollection(TimeProvider time)
    {
        _timer = time.CreateTimer(_ => Collect(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Something was done: the quiet begins again.</summary>
    public void NoteWork() => _timer.Change(Quiet, Timeout.InfiniteTimeSpan);

    public void Dispose() => _timer.Dispose();

    private void Collect()
    {
        if (GC.GetTotalAllocatedBytes() - _allocated < Worthwhile)
            return;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        _allocated = GC.GetTotalAllocatedBytes();
    }
}
