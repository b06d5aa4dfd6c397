using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Logs.Relog;

namespace ServiceCtl.Tests.Unit.Logs.Relog;

/// <summary>
/// Whatever is in a log: relog ends, every line that is not INFO is in exactly one result, and it does not matter how the log was read.
/// </summary>
public sealed partial class RelogPropertyTests
{
    private static readonly string[] Fragments =
    [
        "[2024-05-01 10:00:00,123] INFO in app: hello\n", "[2024-05-01 10:00:01,000] ERROR in app: Exception on /p [POST]\n",
        "[2024-05-01 10:00:01,000] ERROR in methods: {\"code\": 1}\n",
        "[2024-05-01 10:00:02,000] WARNING in app: careful\n", "[01.05.2024 10:00:03] - goodbye\n", "Wed May  1 10:00:04 2024 - spawned\n",
        "[pid: 12|app: 0|req: 1/2] 127.0.0.1 () {30 vars in 411 bytes} [Wed May  1 10:00:05 2024] GET /x => generated 0 bytes in 3 msecs "
            + "(HTTP/1.1 500) 0 headers\n",
        "Traceback (most recent call last):\n", "  File \"a.py\", line 1, in f\n", "    f()\n", "    ^^^\n", "ValueError: x\n",
        "KeyError\n", "\n", "\r\n", "\"\"\"\n",
        "During handling of the above exception, another exception occurred:\n", "  + Exception Group Traceback (most recent call last):\n",
        "  |   File \"a.py\", line 2\n",
        "  | ExceptionGroup: g (2 sub-exceptions)\n", "  +-+---------------- 1 ----------------\n", "    | ValueError: 1\n",
        "    +------------------------------------\n",
        "[12] Traceback (most recent call last):\n", "[12]   File \"b.py\", line 1, in g\n", "[12] OSError: y\n",
        "[pid: 13] Traceback (most recent call last):\n", "[pid: 13] IOError: z\n",
        "\u001b[31m[2024-05-01 10:00:06,000] ERROR in app: red\u001b[0m\n", "INFO:     127.0.0.1 - \"GET / HTTP/1.1\" 200 OK\n",
        "ERROR:    Exception in ASGI application\n",
        "[2024-05-01 10:00:00 +0000] [7] [INFO] Booting worker\n", "[uWSGI] getting INI configuration from /srv/uwsgi.ini\n",
        "spawned uWSGI worker 1 (pid: 12, cores: 1)\n",
        "127.0.0.1 - - [01/May/2024:10:00:07 +0000] \"GET / HTTP/1.1\" 500 4\n", "2024-05-01 10:00:08,000 - app - INFO - fine\n",
        "2024-05-01 10:00:08,000 - app - ERROR - bad\n",
        "Wed May  1 10:00:09 2024 - *** HARAKIRI ON WORKER 1 (pid: 12, try: 1) ***\n",
        "HARAKIRI [core 0] 127.0.0.1 - GET /slow since 1795965077\n", "!!! uWSGI process 12 got Segmentation Fault !!!\n",
        "uwsgi(uwsgi_backtrace+0x2f) [0x55861e0f54df]\n", "DAMN ! worker 1 (pid: 12) died, killed by signal 9 :( trying respawn ...\n",
        "Fatal Python error: Segmentation fault\n",
        "[2024-05-01 10:00:10 +0000] [7] [CRITICAL] WORKER TIMEOUT (pid:31)\n", "text", "\0\0\0", "\xff\xfe", "\r", "[", "[pid: ", "Trace",
        "  ", "Wed May", "logsize: 5, triggering rotation to x...\n",
    ];

    /// <summary>Fragments that end whatever has begun.</summary>
    private static readonly string[] Ends =
    [
        "[2024-05-01 11:00:00,123] INFO in app: hello\n", "[2024-05-01 11:00:00,123] DEBUG in app: hello\n",
        "[2024-05-01 11:00:00] hello\n", "[01.05.2024 11:00:00] - goodbye\n",
        "Wed May  1 11:00:00 2024 - spawned\n", "2024-05-01 11:00:00,123 - app - WARNING - careful\n",
        "[pid: 12|app: 0|req: 1/2] 127.0.0.1 () {30 vars in 411 bytes} [Wed May  1 11:00:00 2024] GET /x => generated 0 bytes in 3 msecs "
            + "(HTTP/1.1 200) 0 headers\n",
        "127.0.0.1 - - [01/May/2024:11:00:00 +0000] \"GET / HTTP/1.1\" 200 4\n", "[uWSGI] getting INI configuration from /srv/uwsgi.ini\n",
        "*** Starting uWSGI 2.0.21 (64bit) on [Wed May  1 11:00:00 2024] ***\n", "spawned uWSGI worker 1 (pid: 12, cores: 1)\n",
        "INFO:     127.0.0.1 - \"GET / HTTP/1.1\" 200 OK\n",
        "Wed May  1 11:00:00 2024 - DAMN ! worker 1 (pid: 99) died :( trying respawn ...\n",
    ];

    /// <summary>Events as servers and frameworks write them, each with what it is to be counted as.</summary>
    private static readonly (string Lines, string Type)[] Events =
    [
        ("[2024-05-01 11:00:01,000] ERROR in app: Exception on /p [POST]\nTraceback (most recent call last):\n  File \"e.py\", line 1, in "
            + "e\n    e()\nevent.One: x\n", "event.One"),
        ("Traceback (most recent call last):\n  File \"e.py\", line 2, in e\n    e()\nevent.Two\n", "event.Two"),
        ("multiprocessing.pool.RemoteTraceback: \n\"\"\"\nTraceback (most recent call last):\n  File \"e.py\", line 1, in e\nKeyError: "
            + "1\n\"\"\"\n\nThe above exception was the direct cause of the following exception:\n\n"
            + "Traceback (most recent call last):\n  File \"e.py\", line 3, in e\nevent.Three: 1\n", "event.Three"),
        ("  + Exception Group Traceback (most recent call last):\n  |   File \"e.py\", line 4\n  | event.Four: g (1 sub-exception)\n  "
            + "+-+---------------- 1 ----------------\n    | ValueError: 1\n"
            + "    +------------------------------------\n", "event.Four"),
        ("ERROR:    Exception in ASGI application\nTraceback (most recent call last):\n  File \"e.py\", line 5, in e\nevent.Five: x\n",
            "event.Five"),
    ];

    private static readonly byte[] Few = "\n \t[]\r\0|+-:a\"\u001b"u8.ToArray();

    private static readonly Gen<byte[]> Log = Gen.OneOf(
        Gen.Int[0, Fragments.Length - 1].Array[0, 60]
            .Select(indexes => Encoding.Latin1.GetBytes(string.Concat(indexes.Select(index => Fragments[index])))),
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
    public void How_a_log_is_cut_into_chunks_and_by_how_many_it_is_read_makes_no_difference() =>
        Gen.Select(Log, Gen.Int[1, 97], Gen.Int[1, 4]).Sample(
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

    [Fact]
    public void A_record_a_request_and_a_server_s_own_line_end_whatever_is_open() =>
        Gen.Select(Gen.Int[0, Fragments.Length - 1].Array[0, 40], Gen.Int[0, Ends.Length - 1], Gen.Int[0, Events.Length - 1]).Sample(
            (before, end, which) =>
            {
                string log = $"{string.Concat(before.Select(index => Fragments[index]))}\n{Ends[end]}", first = Events[which].Lines, type =
                    Events[which].Type;
                Sorted sorted = Sorted.Of(4096, 1, ("uwsgi.log", Encoding.Latin1.GetBytes(log + first)));

                // It is counted, and its entry begins with its own first line, or with the record that it followed at once.
                RelogGroup group = Assert.Single(sorted.Report.Groups, group => group.Type == type);
                Assert.Equal(1, group.Count);
                Assert.EndsWith(first.TrimEnd(), group.Traceback, StringComparison.Ordinal);
                Assert.InRange(group.Traceback.Length, first.TrimEnd().Length, first.TrimEnd().Length + Ends[end].Length);

                // And what came before is what it would have been without it.
                Sorted alone = Sorted.Of(4096, 1, ("uwsgi.log", Encoding.Latin1.GetBytes(log)));
                Assert.Equal(alone.Report.Exceptions + 1, sorted.Report.Exceptions);
                Assert.Equal(alone.Report.Groups.Select(Text).Append(Text(group)).Order(StringComparer.Ordinal),
                    sorted.Report.Groups.Select(Text).Order(StringComparer.Ordinal));

                static string Text(RelogGroup group) => $"{group} {group.Message}";
            },
            iter: 3_000);

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
        | \[\d\d\.\d\d\.\d{4}\ [^]]*\]\ -\ | [A-Z][a-z]{2}\ [A-Z][a-z]{2}\ [\ \d]\d\ \d\d:\d\d:\d\d\ \d{4}\ -\ (?!\*\*\*\ HARAKIRI) | INFO[\ \]:]
        | \[pid:\ \d+\|app:\ | logsize:\ .*,\ triggering\ rotation\ to\ | \[uWSGI\]\ | spawned\ uWSGI\ | [A-Za-z0-9_.:-]+\ [^\ ]*\ [^\ ]*\ \[01/May/2024:10:00:07\ \+0000\]\ "
        | 2024-05-01\ 10:00:08,000\ -\ app\ -\ INFO\ )
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex IsDropped();
}
