using ServiceCtl.Engine.Runners;

namespace ServiceCtl.Tests.Unit.Runners;

public sealed class LineBufferingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sc-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Services_that_are_started_at_once_in_a_fresh_home_share_what_is_made_for_them()
    {
        using var output = File.OpenHandle("/dev/null");
        for (var round = 0; round < 20; round++)
        {
            var home = Path.Combine(_folder, $"{round}");
            using var together = new Barrier(4);

            var environments = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    together.SignalAndWait();
                    return LineBuffering.Add(new Dictionary<string, string>(), home, output, isOnlyOutput: false);
                },
                TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

            Assert.All(environments, environment => Assert.Equal(Path.Combine(home, "python"), environment["PYTHONPATH"]));
            Assert.Equal(["sitecustomize.py"], Directory.GetFiles(Path.Combine(home, "python")).Select(Path.GetFileName));
        }
    }
}
