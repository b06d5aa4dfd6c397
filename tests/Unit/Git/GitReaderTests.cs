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
    public async Task Cancelling_is_passed_on_to_the_caller()
    {
        var reader = new GitReader(TimeProvider.System);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reader.ReadAsync("/srv/ping", new CancellationToken(canceled: true)));
    }
}
