using System.Diagnostics;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Tests.Unit.Processes;

/// <summary>Numbers that no process has stand for processes whose owners hold up whoever looks.</summary>
public sealed class GuardedReadsTests : IDisposable
{
    private static int _last = 2_000_000_000;

    /// <summary>These sleep otherwise than whoever waits for a lock of the kernel's.</summary>
    static GuardedReadsTests() => GuardedReads.PatienceAsleep = TimeSpan.FromMilliseconds(250);

    private readonly ManualResetEventSlim _answer = new();
    private readonly int _pid = Interlocked.Add(ref _last, 100);

    public void Dispose() => _answer.Set();

    [Fact]
    public void Who_is_held_up_at_one_process_gets_the_answers_of_the_others()
    {
        var read = GuardedReads.OfAll([_pid, _pid + 1, _pid + 2], pid => Read(pid, pid == _pid + 1));

        Assert.Equal([_pid, _pid + 2], read.Keys.Order());
    }

    [Fact]
    public void Nobody_waits_for_the_same_process_again_until_it_has_answered()
    {
        Assert.Equal(-1, GuardedReads.Of(_pid, -1, pid => Read(pid, true)));

        var began = Stopwatch.GetTimestamp();
        Assert.All(Enumerable.Range(0, 10), _ => Assert.Equal(-1, GuardedReads.Of(_pid, -1, pid => pid)));
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(2));

        _answer.Set();
        Assert.True(SpinWait.SpinUntil(() => GuardedReads.Of(_pid, -1, pid => pid) == _pid, TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public void Of_a_user_who_holds_up_several_readers_nobody_is_asked_for_the_moment()
    {
        var asked = 0;
        var many = Enumerable.Range(_pid, 20).ToArray();

        Assert.Empty(GuardedReads.OfAll(many, pid =>
        {
            Interlocked.Increment(ref asked);
            return Read(pid, true);
        }));

        Assert.InRange(asked, 1, 4);
    }

    [Fact]
    public void A_reader_that_begins_after_it_was_left_behind_reads_nothing_more()
    {
        List<int> asked = [];
        using ManualResetEventSlim begun = new();
        using GuardedPass<int> busy = new([_pid], _ => false, pid =>
        {
            begun.Set();
            return Read(pid, true);
        });
        using GuardedPass<int> pass = new([_pid + 1, _pid + 2], _ => false, pid =>
        {
            asked.Add(pid);
            return pid;
        });
        var reader = GuardedReader.TryStart()!;
        busy.Begin(reader);
        begun.Wait(TestContext.Current.CancellationToken);
        pass.Begin(reader);

        Assert.True(pass.Leave(0));
        Assert.False(pass.Run(reader));
        Assert.True(pass.Run(null));
        Assert.False(pass.Run(reader));

        Assert.Equal([_pid + 2], asked);
        Assert.Equal([_pid + 2], pass.Answers().Keys);
        _answer.Set();
        Assert.True(busy.WaitForEnd(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task Two_who_are_stuck_at_one_process_are_both_waited_for()
    {
        using ManualResetEventSlim other = new();
        using CountdownEvent both = new(2);
        Task<int> AskAsync(ManualResetEventSlim answer) => Task.Factory.StartNew(() => GuardedReads.Of(_pid, -1, pid =>
        {
            // Awake, or the one would be left behind before the other comes.
            both.Signal();
            while (!both.IsSet)
                Thread.SpinWait(100);
            answer.Wait();
            return pid;
        }), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        Assert.All(await Task.WhenAll(AskAsync(_answer), AskAsync(other)), answer => Assert.Equal(-1, answer));

        other.Set();
        Assert.All(Enumerable.Range(0, 20), _ =>
        {
            Assert.Equal(-1, GuardedReads.Of(_pid, -1, pid => pid));
            Thread.Sleep(10);
        });

        _answer.Set();
        Assert.True(SpinWait.SpinUntil(() => GuardedReads.Of(_pid, -1, pid => pid) == _pid, TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public void What_comes_too_late_is_disposed_of()
    {
        var late = new CancellationTokenSource();
        Assert.Null(GuardedReads.Of<CancellationTokenSource?>(_pid, null, _ =>
        {
            _answer.Wait();
            return late;
        }));

        _answer.Set();
        Assert.True(SpinWait.SpinUntil(() => IsDisposed(late), TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public void What_a_look_throws_reaches_who_asked() =>
        Assert.Throws<InvalidTimeZoneException>(() => GuardedReads.Of<int>(_pid, 0, _ => throw new InvalidTimeZoneException()));

    [Fact]
    public void A_look_within_a_look_needs_no_other_thread()
    {
        var threads = GuardedReads.Of(_pid, (0, 0), pid =>
            (Environment.CurrentManagedThreadId, GuardedReads.Of(pid + 1, 0, _ => Environment.CurrentManagedThreadId)));

        Assert.Equal(threads.Item1, threads.Item2);
        Assert.NotEqual(Environment.CurrentManagedThreadId, threads.Item1);
    }

    private int Read(int pid, bool waits)
    {
        if (waits)
            _answer.Wait();
        return pid;
    }

    private static bool IsDisposed(CancellationTokenSource source)
    {
        try
        {
            _ = source.Token;
            return false;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }
}
