using System.Text;
using ServiceCtl.Engine.Logs;
using ServiceCtl.Engine.Logs.Capture;
using ServiceCtl.Engine.Logs.Rotation;

namespace ServiceCtl.Tests.Unit.Logs;

public sealed class CapturedLogTests : IDisposable
{
    // Files have the time of the real clock.
    private readonly SetClock _time = new(DateTimeOffset.UtcNow);
    private readonly string _folder = Directory.CreateTempSubdirectory("servicectl-").FullName;
    private readonly List<LogProblem> _problems = [];
    private readonly LogCapture _capture;

    public CapturedLogTests() => _capture = new LogCapture(_time, _problems.Add);

    public void Dispose()
    {
        _capture.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_file_that_is_old_enough_is_rotated_at_the_next_line_end()
    {
        CapturedLog log = Attach(new LogSettings { MaxAge = TimeSpan.FromHours(1) });
        Print(log, "a\nb");
        _time.Advance(TimeSpan.FromMinutes(59));
        Print(log, "c");
        _time.Advance(TimeSpan.FromMinutes(2));
        Print(log, "d\ne\n");
        Assert.Equal(["a\nbcd\n", "e\n"], Contents());
    }

    [Fact]
    public void A_file_whose_clock_was_set_back_grows_no_older_than_others()
    {
        CapturedLog log = Attach(new LogSettings { MaxAge = TimeSpan.FromHours(1) });
        Print(log, "a\n");
        _time.Set(TimeSpan.FromDays(-1));
        Print(log, "b\n");
        _time.Advance(TimeSpan.FromMinutes(61));
        Print(log, "c\n");
        Assert.Equal(["a\nb\n", "c\n"], Contents());
    }

    [Fact]
    public void An_empty_file_is_never_rotated_by_its_age()
    {
        CapturedLog log = Attach(new LogSettings { MaxAge = TimeSpan.FromHours(1) });
        _time.Advance(TimeSpan.FromHours(5));
        Print(log, "a\n");
        Assert.Equal(["a\n"], Contents());
    }

    [Fact]
    public void A_line_longer_than_a_mebibyte_goes_on_in_the_next_file()
    {
        CapturedLog log = Attach(new LogSettings { MaxSize = 1000, Keep = 10 });
        string line = new('x', 100_000);
        for (int i = 0; i < 12; i++)
            Print(log, line);
        Print(log, "\nnext\n");
        string[] files = [.. Contents()];
        Assert.Equal(string.Concat(Enumerable.Repeat(line, 12)) + "\nnext\n", string.Concat(files));
        Assert.InRange(files[0].Length, RotatingLog.LongestKeptLine, RotatingLog.LongestKeptLine + 65536 + 1000);
    }

    [Fact]
    public void A_capture_goes_on_where_the_last_one_ended()
    {
        CapturedLog log = Attach(new LogSettings { MaxSize = 10, Keep = 5 });
        Print(log, "1234567\n12");
        log.Dispose();
        log = Attach(new LogSettings { MaxSize = 10, Keep = 5 });
        Print(log, "3\n4\n");
        Assert.Equal(["1234567\n123\n", "4\n"], Contents());
        Assert.Empty(_problems);
    }

    [Fact]
    public void New_settings_hold_from_the_next_output_on()
    {
        CapturedLog log = Attach(new LogSettings());
        Print(log, "12345678\n");
        log.Settings = new LogSettings { MaxSize = 5 };
        Print(log, "a\n");
        Assert.Equal(["12345678\n", "a\n"], Contents());
    }

    [Fact]
    public void Something_else_with_the_name_of_the_pipe_is_refused()
    {
        File.WriteAllText(Path.Combine(_folder, "pipe"), "");
        var error = Assert.Throws<Contracts.ServiceCtlException>(() => Attach(new LogSettings()));
        Assert.Contains("is not a named pipe", error.Message);
    }

    private CapturedLog Attach(LogSettings settings) =>
        _capture.Attach("s", Path.Combine(_folder, "pipe"), Path.Combine(_folder, "output.log"), settings);

    private static void Print(CapturedLog log, string text)
    {
        using (FileStream output = new(log.OpenForService(), FileAccess.Write, bufferSize: 0))
            output.Write(Encoding.UTF8.GetBytes(text));
        log.Drain();
    }

    private IEnumerable<string> Contents() =>
        Directory.GetFiles(_folder, "output.log*").OrderBy(file => file.EndsWith(".log", StringComparison.Ordinal))
            .ThenBy(file => file, StringComparer.Ordinal)
            .Select(File.ReadAllText);
}
