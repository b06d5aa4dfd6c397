using System.Runtime.CompilerServices;
using ServiceCtl.Engine.Agent;

namespace ServiceCtl.Tests.Unit.Agent;

public sealed class QuietCollectionTests
{
    [Fact]
    public void What_a_burst_left_on_the_heap_is_collected_once_it_is_quiet()
    {
        var time = new FakeTimeProvider();
        using var quiet = new IdleGarbageCollection(time);
        var garbage = Allocate(8 << 20);

        quiet.NoteWork();
        time.Advance(TimeSpan.FromSeconds(2));

        Assert.False(garbage.IsAlive);
    }

    /// <summary>Large enough for the heap that only full collections look at: the small ones that other tests cause leave it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Allocate(int bytes) => new(new byte[bytes]);
}
