using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Logs.Relog;

namespace ServiceCtl.Tests.Unit.Logs.Relog;

/// <summary>What relog remembers from run to run.</summary>
[Collection(nameof(Alone))]
public sealed class RelogSessionTests : IDisposable
{
    private const string One =
        "[2024-05-01 10:00:01,000] ERROR in app: Exception on /one [GET]\nTraceback (most recent call last):\n  File \"a.py\", line 1, in "
            + "one\nValueError: one\n[2024-05-01 10:00:01,500] INFO in app: -\n";
    private const string Two =
        "[2024-05-01 10:00:02,000] ERROR in app: Exception on /two [GET]\nTraceback (most recent call last):\n  File \"a.py\", line 2, in "
            + "two\nValueError: two\n[2024-05-01 10:00:02,500] INFO in app: -\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("relog-").FullName;

    private string Log => Path.Combine(_folder, "uwsgi.log");

    private string Results => Path.Combine(_folder, "relog");

    [Fact]
    public void A_second_run_doubles_nothing_and_finds_what_came_in_between()
    {
        Append(Log, One);
        Assert.Equal(5, Run().LinesProcessed);
        Assert.Equal(0, Run().LinesProcessed);
        Append(Log, Two + One);
        RelogReport report = Run();
        Assert.Equal(10, report.LinesProcessed);
        Assert.Equal(3, Count("Exception on"));
        Assert.Equal(["2/1 one", "1/1 two"], report.Groups.Select(group => $"{group.Count}/{group.New} {group.Message}"));
    }

    [Fact]
    public void What_was_rotated_away_before_it_was_read_is_told_once()
    {
        Append(Log, One);
        Run();
        Append(Log, Two);
        // Not deleted: a new file with the same inode would count as a replaced one, which is told in other words.
        File.Move(Log, Path.Combine(_folder, "away"));
        Append(Log, One.Replace("one", "six", StringComparison.Ordinal));
        RelogProblem problem = Assert.Single(Run().Problems);
        Assert.True(problem.IsWarning);
        Assert.Contains("The file that was read last is gone", problem.Message, StringComparison.Ordinal);
        Append(Log, Two);
        Assert.Empty(Run().Problems);
    }

    [Fact]
    public void A_rotated_log_is_known_under_its_new_name()
    {
        Append(Log, One);
        Run();
        Append(Log, Two);
        File.Move(Log, Log + ".1714550000");
        Append(Log, One);
        Assert.Equal(10, Run().LinesProcessed);
        Assert.Equal(3, Count("Exception on"));
    }

    [Fact]
    public void A_log_that_was_compressed_is_known_and_a_new_compressed_one_is_read()
    {
        Append(Log + ".2", One);
        Run();
        Compress(Log + ".2", One);
        Compress(Log + ".1", Two);
        Append(Log, One.Replace(":01", ":03", StringComparison.Ordinal));
        Assert.Equal(10, Run().LinesProcessed);
        Assert.Equal(0, Run().LinesProcessed);
        Assert.Equal(3, Count("Exception on"));
    }

    [Fact]
    public void A_log_that_was_copied_and_truncated_is_read_once()
    {
        Append(Log, One);
        Run();
        Append(Log, Two);
        File.Copy(Log, Log + ".1");
        File.WriteAllText(Log, "");
        Append(Log, Two.Replace(":02", ":03", StringComparison.Ordinal));
        RelogReport report = Run();
        Assert.Equal(10, report.LinesProcessed);
        Assert.Equal(3, Count("Exception on"));
    }

    [Fact]
    public void A_truncated_log_is_read_from_its_beginning_and_that_is_told()
    {
        Append(Log, One + One);
        Run();
        File.WriteAllText(Log, "");
        Append(Log, Two);
        RelogReport report = Run();
        Assert.Equal(5, report.LinesProcessed);
        Assert.True(Assert.Single(report.Problems).IsWarning);
        Assert.Contains("truncated", report.Problems[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_traceback_that_is_being_written_waits_for_its_end()
    {
        int middle = One.IndexOf("ValueError", StringComparison.Ordinal) + 5;
        File.WriteAllText(Log, One[..middle]);
        Assert.Equal(0, Run().LinesWritten);
        Append(Log, One[middle..]);
        RelogReport report = Run();
        Assert.Equal(4, report.LinesWritten);
        Assert.Equal(0, report.Uncertain);
        Assert.Equal("ValueError", Assert.Single(report.Groups).Type);
    }

    [Fact]
    public void In_a_log_that_is_written_all_the_time_what_is_long_past_does_not_wait()
    {
        File.WriteAllText(Log, One + string.Concat(Enumerable.Repeat("[2024-05-01 10:00:09,000] INFO in app: busy\n", 3)));
        Assert.Equal(4, Run().LinesWritten);
    }

    [Fact]
    public void A_traceback_that_nobody_goes_on_writing_is_written_as_unfinished()
    {
        Append(Log, One[..One.IndexOf("ValueError", StringComparison.Ordinal)]);
        RelogReport report = Run();
        Assert.Equal(3, report.LinesWritten);
        Assert.Equal(1, report.Uncertain);
        Assert.Contains("(its end is missing)", File.ReadAllText(Path.Combine(Results, "exceptions.log")), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_killed_run_wrote_and_did_not_commit_comes_once()
    {
        Append(Log, One);
        Run();
        string results = Path.Combine(Results, "exceptions.log");
        File.AppendAllText(results, "--- half of what the next");
        Append(Log, Two);
        Run();
        Assert.Equal(2, Count("Exception on"));
        Assert.DoesNotContain("half of", File.ReadAllText(results), StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_memory_is_set_aside_with_its_results_and_told()
    {
        Append(Log, One);
        Run();
        File.WriteAllText(Path.Combine(Results, "state.json"), "{\"Sources\":[{\"Dev");
        RelogReport report = Run();
        Assert.Contains("set aside", Assert.Single(report.Problems).Message, StringComparison.Ordinal);
        Assert.Equal(5, report.LinesProcessed);
        Assert.Equal(1, Count("Exception on"));
        Assert.Equal(2, Directory.GetFiles(Results, "*.damaged-*").Count(file => !file.Contains("internal", StringComparison.Ordinal)));
    }

    [Fact]
    public void Emptying_begins_the_results_anew_and_leaves_the_logs_alone()
    {
        Append(Log, One);
        Run();
        Append(Log, Two);
        RelogReport report = Run(emptyFirst: true);
        Assert.Equal(1, Count("Exception on"));
        Assert.Equal("two", Assert.Single(report.Groups).Message);
        Assert.Equal(One + Two, File.ReadAllText(Log));
    }

    [Fact]
    public void Results_that_were_deleted_begin_anew_as_do_the_counts()
    {
        Append(Log, One);
        Run();
        File.Delete(Path.Combine(Results, "exceptions.log"));
        Append(Log, Two);
        Assert.Equal("two", Assert.Single(Run().Groups).Message);
    }

    [Fact]
    public void Old_logs_are_deleted_when_they_are_sorted_but_not_the_one_that_is_written()
    {
        Append(Log + ".1", One);
        Append(Log, Two);
        foreach (string file in new[] { Log, Log + ".1" })
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddDays(-3));
        RelogPlan plan = Plan() with { DeleteAfter = TimeSpan.FromDays(2), InUse = [Log] };
        Assert.Equal([Log + ".1"], Run(plan: plan).FilesDeleted);
        Assert.True(File.Exists(Log));
        Assert.Equal(2, Count("Exception on"));
    }

    [Fact]
    public void A_file_that_can_t_be_read_is_told_and_the_others_are_sorted()
    {
        File.WriteAllText(Log + ".2.gz", "this is not gzip");
        Append(Log + ".1", One);
        Append(Log, Two);
        RelogReport report = Run();
        RelogProblem problem = Assert.Single(report.Problems);
        Assert.Equal((Log + ".2.gz", false), (problem.File, problem.IsWarning));
        Assert.Equal(2, report.Exceptions);
    }

    [Fact]
    public void Logs_are_found_by_their_pattern_and_results_are_no_logs()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "more"));
        Append(Path.Combine(_folder, "more", "app.log"), One);
        Append(Path.Combine(_folder, "other.txt"), Two);
        RelogPlan plan = new() { Folder = _folder, Pattern = new Regex(@"\.log$"), Results = Results };
        Assert.Equal(1, Run(plan: plan).FilesProcessed);
        Assert.Equal(1, Run(plan: plan).FilesProcessed);
        Assert.Equal(1, Count("Exception on"));
    }

    [Fact]
    public void A_very_long_line_takes_no_memory_and_comes_whole()
    {
        const int length = 48 * 1024 * 1024;
        byte[] line = new byte[1024 * 1024];
        line.AsSpan().Fill((byte)'x');
        using (FileStream log = File.Create(Log))
        {
            log.Write("Traceback (most recent call last):\n  File \"a.py\", line 1, in f\nValueError: "u8);
            for (int i = 0; i < length / line.Length; i++)
                log.Write(line);
            log.Write("\n[2024-05-01 10:00:01,500] INFO in app: "u8);
            for (int i = 0; i < length / line.Length; i++)
                log.Write(line);
            log.Write("\n"u8);
        }

        long before = GC.GetTotalAllocatedBytes(precise: true);
        RelogReport report = Run(plan: Plan() with { IsFinal = true });
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 16 * 1024 * 1024);
        Assert.Equal((4, 1, 3), (report.LinesProcessed, report.LinesIgnored, report.LinesWritten));
        Assert.Equal("ValueError", Assert.Single(report.Groups).Type);
        string[] written = File.ReadAllLines(Path.Combine(Results, "exceptions.log"));
        Assert.Equal(4, written.Length);
        Assert.Equal(length + "ValueError: ".Length, written[3].Length);
    }

    [Fact]
    public void Secrets_are_taken_out_of_what_is_reported()
    {
        Append(Log, One.Replace("ValueError: one", "ValueError: hunter22", StringComparison.Ordinal));
        RelogReport report = new RelogSession(Plan(), TimeProvider.System).Run(false,
            text => text.Replace("hunter22", "********", StringComparison.Ordinal), null, CancellationToken.None);
        RelogGroup group = Assert.Single(report.Groups);
        Assert.Equal("********", group.Message);
        Assert.DoesNotContain("hunter22", group.Traceback, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private RelogPlan Plan() => new() { Logs = [Log], Results = Results };

    /// <summary>In a session of its own, as after a restart of the agent.</summary>
    private RelogReport Run(bool emptyFirst = false, RelogPlan? plan = null) =>
        new RelogSession(plan ?? Plan(), TimeProvider.System).Run(emptyFirst, text => text, progress: null, CancellationToken.None);

    private int Count(string text) => Regex.Count(File.ReadAllText(Path.Combine(Results, "exceptions.log")), text);

    /// <summary>As somebody who has gone on to other things wrote it.</summary>
    private static void Append(string file, string text)
    {
        File.AppendAllText(file, text);
        File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddMinutes(-1));
    }

    private static void Compress(string file, string text)
    {
        File.Delete(file);
        using GZipStream compressed = new(File.Create(file + ".gz"), CompressionLevel.Fastest);
        compressed.Write(Encoding.UTF8.GetBytes(text));
    }
}
