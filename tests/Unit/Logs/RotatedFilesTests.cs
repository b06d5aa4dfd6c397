using ServiceCtl.Engine.Logs.Files;
using ServiceCtl.Engine.Logs.Rotation;

namespace ServiceCtl.Tests.Unit.Logs;

public sealed class RotatedFilesTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 10, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("servicectl-").FullName;

    private string Log => Path.Combine(_folder, "output.log");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_oldest_beyond_the_kept_ones_go()
    {
        RotatedFiles files = RotatedFiles.Load(Log);
        for (int i = 1; i <= 5; i++)
        {
            File.WriteAllText(Log, $"{i}");
            files.Add(keep: 3, Now.AddSeconds(i));
        }

        Assert.Equal(["output.log.1777629603000: 3", "output.log.1777629604000: 4", "output.log.1777629605000: 5"], Contents());
        File.WriteAllText(Log, "6");
        files.Add(keep: 1, Now.AddSeconds(6));
        Assert.Equal(["output.log.1777629606000: 6"], Contents());
        File.WriteAllText(Log, "7");
        Assert.Null(files.Add(keep: 0, Now.AddSeconds(7)));
        Assert.Empty(Contents());
    }

    [Fact]
    public void The_order_stays_when_the_clock_is_set_back_and_over_a_restart()
    {
        Write("output.log", "1");
        RotatedFiles.Load(Log).Add(keep: 3, Now);
        Write("output.log", "2");
        RotatedFiles.Load(Log).Add(keep: 3, Now.AddDays(-1));
        Assert.Equal(["output.log.1777629600000: 1", "output.log.1777629600001: 2"], Contents());
    }

    [Fact]
    public void What_a_killed_compression_left_is_tidied_and_nothing_else()
    {
        Write("output.log.part", "half");
        Write("output.log.1777629600000", "plain");
        Write("output.log.1777629600001", "plain");
        Write("output.log.1777629600001.gz", "complete");
        Write("output.log.old", "not ours");
        Assert.Equal(
            [(1777629600000, false), (1777629600001, true)], RotatedFiles.Load(Log).Files.Select(file => (file.Number, file.Compressed)));
        Assert.Equal(["output.log.1777629600000: plain", "output.log.1777629600001.gz: complete", "output.log.old: not ours"], Contents());
    }

    [Fact]
    public void Files_of_uwsgi_are_older_the_smaller_their_number_and_ours_the_greater()
    {
        Assert.True(LogSuffix.YoungestFirst(1, 2) < 0);
        Assert.True(LogSuffix.YoungestFirst(1_700_000_500, 1_700_000_000) < 0);
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);

    private IEnumerable<string> Contents() =>
        Directory.GetFiles(_folder).Order(StringComparer.Ordinal).Select(file => $"{Path.GetFileName(file)}: {File.ReadAllText(file)}");
}
