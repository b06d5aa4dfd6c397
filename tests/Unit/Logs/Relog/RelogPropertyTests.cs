using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using ServiceCtl.Engine.Logs.Relog;

namespace ServiceCtl.Tests.Unit.Logs.Relog;

/// <summary>Whatever is in a log: relog ends, every line that is not INFO is in exactly one result, and it does not matter how the log was read.</summary>
public sealed partial class RelogPropertyTests
{
    private static readonly string[] Fragments =
    [
        "[2024-05-01 10:00:00,123] INFO in app: hello\n", "[2024-05-01 10:00:01,000] ERROR in app: Exception on /p [POST]\n", "[2024-05-01 10:00:01,000] ERROR in methods: {\"code\": 1}\n",
        "[2024-05-01 10:00:02,000] WARNING in app: careful\n", "[01.05.2024 10:00:03] - goodbye\n", "Wed May  1 10:00:04 2024 - spawned\n",
        "[pid: 12|app: 0|req: 1/2] 127.0.0.1 () {30 vars in 411 bytes} [Wed May  1 10:00:05 2024] GET /x => generated 0 bytes in 3 msecs (HTTP/1.1 500) 0 headers\n",
        "Traceback (most recent call last):\n", "  File \"a.py\", line 1, in f\n", "    f()\n", "    ^^^\n", "ValueError: x\n", "KeyError\n", "\n", "\r\n", "\"\"\"\n",
        "During handling of the above exception, another exception occurred:\n", "  + Exception Group Traceback (most recent call last):\n", "  |   File \"a.py\", line 2\n",
        "  | ExceptionGroup: g (2 sub-exceptions)\n", "  +-+---------------- 1 ----------------\n", "    | ValueError: 1\n", "    +------------------------------------\n",
        "[12] Traceback (most recent call last):\n", "[12]   File \"b.py\", line 1, in g\n", "[12] OSError: y\n", "[pid: 13] Traceback (most recent call last):\n", "[pid: 13] IOError: z\n",
        "\u001b[31m[2024-05-01 10:00:06,000] ERROR in app: red\u001b[0m\n", "INFO:     127.0.0.1 - \"GET / HTTP/1.1\" 200 OK\n", "ERROR:    Exception in ASGI application\n",
        "[2024-05-01 10:00:00 +0000] [7] [INFO] Booting worker\n", "text", "\0\0\0", "\xff\xfe", "\r", "[", "[pid: ", "Trace", "  ", "Wed May", "logsize: 5, triggering rotation to x...\n",
    ];

    private static readonly byte[] Few = "\n \t[]\r\0|+-:a\"\u001b"u8.ToArray();

    private static readonly Gen<byte[]> Log = Gen.OneOf(
        Gen.Int[0, Fragments.Length - 1].Array[0, 60].Select(indexes => Encoding.Latin1.GetBytes(string.Concat(indexes.Select(index => Fragments[index])))),
        Gen.Byte.Array[0, 300],
        Gen.Int[0, Few.Length - 1].Select(index => Few[index]).Array[0, 200]);

    [Fact]
    public void Every_line_that_is_not_INFO_is_in_exactly_one_result_as_it_was() => Log.Sample(
        log =>
        {
            Sorted sorted = Sorted.Of(4096, 1, ("uwsgi.log", log));
            string[] expected = [.. Lines(log).Where(line => !IsDropped().IsMatch(line))];
            // An entry's end is the end of its last line, whether or not the log had one.
            string[] found = [.. Results(sorted)];
            Assert.Equal(expected.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
            Assert.Equal(Lines(log).Length, sorted.Report.LinesProcessed);
            Assert.Equal(expected.Length, sorted.Report.LinesWritten);
            Assert.Equal(sorted.Report.LinesProcessed, sorted.Report.LinesIgnored + sorted.Report.LinesWritten);
        },
        iter: 1_500);

    [Fact]
    public void How_a_log_is_cut_into_chunks_and_by_how_many_it_is_read_makes_no_difference() => Gen.Select(Log, Gen.Int[1, 97], Gen.Int[1, 4]).Sample(
        (log, chunk, workers) =>
        {
            Sorted whole = Sorted.Of(ChunkReader.DefaultChunk, 1, ("uwsgi.log", log));
            Sorted cut = Sorted.Of(chunk, workers, ("uwsgi.log", log));
            Assert.Equal(whole.Exceptions, cut.Exceptions);
            Assert.Equal(whole.InternalErrors, cut.InternalErrors);
            Assert.Equal(whole.Report.LinesProcessed, cut.Report.LinesProcessed);
            Assert.Equal(whole.Report.Groups.Select(group => group.ToString()), cut.Report.Groups.Select(group => group.ToString()));
        },
        iter: 1_500);

    private static string[] Lines(byte[] log)
    {
        string[] lines = Encoding.Latin1.GetString(log).Split('\n');
        lines = lines[^1].TrimStart('\0').Length == 0 ? lines[..^1] : lines;
        return [.. lines.Select(line => line.TrimStart('\0'))];
    }

    private static IEnumerable<string> Results(Sorted sorted)
    {
        foreach (string result in new[] { sorted.Exceptions, sorted.InternalErrors })
        {
            Assert.True(result.Length == 0 || result.EndsWith('\n'));
            foreach (string line in result.Split('\n').SkipLast(1).Where(line => !IsHeader().IsMatch(line)))
                yield return line;
        }
    }

    /// <summary>A log may have lines that look like one up to its time.</summary>
    [GeneratedRegex(@"^--- \[[^]]*\] uwsgi\.log", RegexOptions.CultureInvariant)]
    private static partial Regex IsHeader();

    /// <summary>The rule in other words than the classifier's.</summary>
    [GeneratedRegex("""
        ^(\x1b\[[^m]{0,13}m)*(\[(pid:?\ )?\d{1,9}\]\ )*
        ( \[\d{4}-\d\d-\d\d\ [^]]*\]\ (\[\d+\]\ )?\[?INFO[\ \]:]
        | \[\d\d\.\d\d\.\d{4}\ [^]]*\]\ -\ | [A-Z][a-z]{2}\ [A-Z][a-z]{2}\ [\ \d]\d\ \d\d:\d\d:\d\d\ \d{4}\ -\ | INFO[\ \]:]
        | \[pid:\ \d+\|app:\ | logsize:\ .*,\ triggering\ rotation\ to\ )
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex IsDropped();
}
