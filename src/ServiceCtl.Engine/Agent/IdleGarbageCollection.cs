namespace ServiceCtl.Engine.Agent;

/// <summary>
/// Gives back to the system what a burst of orders left on the heap, once it is quiet again. An agent is idle for most of its life; the
/// runtime, which sizes its youngest generation by the processor's cache, would keep tens of megabytes until the next burst.
/// </summary>
internal sealed class IdleGarbageCollection : IDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    private readonly ITimer _timer;

    public IdleGarbageCollection(TimeProvider time)
    {
        _timer = time.CreateTimer(_ => Collect(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Something was done: the quiet begins again.</summary>
    public void NoteWork() => _timer.Change(Quiet, Timeout.InfiniteTimeSpan);

    public void Dispose() => _timer.Dispose();

    private static void Collect() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
}
