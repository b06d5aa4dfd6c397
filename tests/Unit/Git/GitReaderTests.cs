using ServiceCtl.Contracts;
using ServiceCtl.Engine.Git;

namespace ServiceCtl.Tests.Unit.Git;

public sealed class GitReaderTests
{
    [Fact]
    public async Task A_read_that_hangs_is_given_up_after_its_limit_and_told()
    {
        var time = new FakeTimeProvider();
        using var gate = new ManualResetEventSlim();
        var reader = new GitReader(time, TimeSpan.FromSeconds(10), Hang, new GitCommand("/nowhere/git"));

        var reading = reader.ReadAsync("/srv/ping", CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal("reading the git checkout of /srv/ping took longer than 10 s", (await reading).Problem);
        gate.Set();

        GitReading Hang(string folder)
        {
            gate.Wait();
            return new GitReading(null, null);
        }
    }

    [Fact]
    public async Task While_a_read_hangs_no_other_is_begun_for_its_folder()
    {
        var time = new FakeTimeProvider();
        using var gate = new ManualResetEventSlim();
        var (entered, begun) = (new TaskCompletionSource(), 0);
        var reader = new GitReader(time, TimeSpan.FromSeconds(2), HangFirst, new GitCommand("/nowhere/git"));
        var reading = reader.ReadAsync("/srv/ping", CancellationToken.None);
        await entered.Task;
        time.Advance(TimeSpan.FromSeconds(3));
        await reading;

        var second = await reader.ReadAsync("/srv/ping", CancellationToken.None);

        Assert.Equal("the git checkout of /srv/ping is still being read for somebody who has given up waiting", second.Problem);
        Assert.Equal("abc", (await reader.ReadAsync("/srv/pong", CancellationToken.None)).Revision?.Commit);
        Assert.Equal(1, begun);

        gate.Set();
        GitReading again;
        do
        {
            await Task.Yield();
            again = await reader.ReadAsync("/srv/ping", CancellationToken.None);
        }
        while (again.Problem is not null);
        Assert.Equal("abc", again.Revision?.Commit);

        GitReading HangFirst(string folder)
        {
            if (folder == "/srv/ping" && Interlocked.Increment(ref begun) == 1)
            {
                entered.SetResult();
                gate.Wait();
            }

            return GitReading.Of(new GitRevision { Commit = "abc" });
        }
    }

    [Fact]
    public async Task Cancelling_is_passed_on_to_the_caller()
    {
        var reader = new GitReader(TimeProvider.System);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reader.ReadAsync("/srv/ping", new CancellationToken(canceled: true)));
    }
}
