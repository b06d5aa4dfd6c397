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
            var buffering = new LineBuffering(home);
            using var together = new Barrier(4);

            var environments = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    together.SignalAndWait();
                    return buffering.Add(new Dictionary<string, string>(), output, isOnlyOutput: false);
                },
                TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

            Assert.All(environments, environment => Assert.Equal(Path.Combine(home, "python"), environment["PYTHONPATH"]));
            Assert.Equal(["sitecustomize.py"], Directory.GetFiles(Path.Combine(home, "python")).Select(Path.GetFileName));
        }
    }

    [Fact]
    public void A_module_that_was_changed_or_deleted_is_made_again()
    {
        using var output = File.OpenHandle("/dev/null");
        var buffering = new LineBuffering(_folder);
        var file = Path.Combine(LineBuffering.FolderIn(_folder), "sitecustomize.py");
        Add();
        var right = File.ReadAllText(file);

        File.WriteAllText(file, "import elsewhere\n");
        Add();
        Assert.Equal(right, File.ReadAllText(file));

        Directory.Delete(LineBuffering.FolderIn(_folder), recursive: true);
        Add();
        Assert.Equal(right, File.ReadAllText(file));

        void Add() => buffering.Add(new Dictionary<string, string>(), output, isOnlyOutput: false);
    }
}
