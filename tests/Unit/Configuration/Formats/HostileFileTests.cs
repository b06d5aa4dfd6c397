using System.Diagnostics;
using System.Text;
using ServiceCtl.Engine.Configuration.Formats;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Text;

namespace ServiceCtl.Tests.Unit.Configuration.Formats;

/// <summary>
/// Files made to hurt, in each format: a problem with a place, in bounded memory and time. YAML's own are in
/// <see cref="HostileConfigTests"/>.
/// </summary>
public sealed class HostileFileTests
{
    /// <summary>Quadratic time would be hours; a machine that is busy with something else is not to be taken for it.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    private static readonly Dictionary<string, Func<string>> Attacks = new()
    {
        ["toml: nested lists"] = () => "a = " + new string('[', 1_000_000),
        ["toml: nested tables"] = () => "a = " + Repeat("{a = ", 200_000),
        ["toml: a key of many parts"] = () => Repeat("a.", 500_000) + "a = 1",
        ["toml: a header of many parts"] = () => $"[{Repeat("a.", 500_000)}a]",
        ["toml: lists of tables in each other"] = () =>
            string.Concat(Enumerable.Range(1, 60).Select(level => $"[[{Repeat("a.", level)}a]]\n")),
        ["toml: many keys"] = () => string.Concat(Enumerable.Range(0, 300_000).Select(key => $"k{key} = 1\n")),
        ["toml: many tables"] = () => Repeat("[[a]]\n", 300_000),
        ["toml: many items"] = () => $"a = [{Repeat("1,", 300_000)}]",
        ["json: nested lists"] = () => "{\"a\": " + new string('[', 1_000_000),
        ["json: nested objects"] = () => Repeat("{\"a\": ", 200_000),
        ["json: many items on one line"] = () => $"{{\"a\": [{Repeat("1,", 300_000)}]}}",
        ["ini: a section of many parts"] = () => $"[{Repeat("a.", 500_000)}a]\nb = 1",
        ["ini: many keys"] = () => string.Concat(Enumerable.Range(0, 300_000).Select(key => $"k{key} = 1\n")),
        ["ini: nested lists in a value"] = () => "a = " + new string('[', 1_000_000),
        ["env: a name of many parts"] = () => Repeat("A__", 300_000) + "A=1",
        ["env: many variables"] = () => string.Concat(Enumerable.Range(0, 300_000).Select(key => $"K{key}=1\n")),
        ["env: nested defaults"] = () => "A=" + Repeat("${A:-", 300_000),
        ["env: nested lists in a value"] = () => "A=" + new string('[', 1_000_000),
    };

    public static TheoryData<string> Names => [.. Attacks.Keys];

    public static TheoryData<string> FormatNames => [.. ConfigurationFormat.All.Select(format => format.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_attack_ends_in_a_problem_in_bounded_memory_and_time(string name)
    {
        var format = Format(name[..name.IndexOf(':', StringComparison.Ordinal)]);
        var text = Attacks[name]();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.StartNew();

        var problem = FormatText.ProblemOf(format, text);

        Assert.True(problem is { Line: > 0, Column: > 0, Advice: not null }, problem.ToString());
        Assert.True(clock.Elapsed < Bound, $"{name} took {clock.Elapsed}");
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 500_000_000,
            $"{name} took {GC.GetAllocatedBytesForCurrentThread() - before} bytes");
    }

    [Theory]
    [MemberData(nameof(FormatNames))]
    public void Time_grows_with_the_size_and_not_with_its_square(string name)
    {
        // One line of five million characters, and a hundred thousand short ones.
        var (open, close) = name switch { "JSON" => ("{\"a\": \"", "\"}"), "YAML" => ("a: '", "'"), _ => ("a=\"", "\"") };
        var clock = Stopwatch.StartNew();

        FormatText.Read(Format(name), open + new string('x', 5_000_000) + close);
        var lines = Enumerable.Range(0, 90_000)
            .Select(key => name switch { "JSON" => $"\"k{key}\": 1,", "YAML" => $"k{key}: 1", _ => $"k{key}=1" });
        FormatText.Read(Format(name), name == "JSON" ? $"{{{string.Join("\n", lines)}}}" : string.Join("\n", lines));

        Assert.True(clock.Elapsed < Bound, $"It took {clock.Elapsed}");
    }

    [Theory]
    [MemberData(nameof(FormatNames))]
    public void NUL_bytes_are_told_with_their_place(string name)
    {
        var problem = FormatText.ProblemOf(Format(name), "\n  a\0b");

        Assert.Equal((2, 4), (problem.Line, problem.Column));
        Assert.Contains("NUL", problem.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("JSON", "{\"a\": 1,\r\n\"b\": 2,\n\"c\": 3}")]
    [InlineData("TOML", "a = 1\r\nb = 2\nc = 3\r\n")]
    [InlineData("YAML", "a: 1\r\nb: 2\nc: 3\r\n")]
    [InlineData("INI", "a = 1\r\nb = 2\nc = 3")]
    [InlineData(".env", "A=1\r\nB=2\nC=3\r\n")]
    public void A_byte_order_mark_and_mixed_line_ends_are_fine(string name, string text)
    {
        var problems = new ProblemList();

        var root = Format(name).Read(SourceText.Decode("config", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)], null), problems,
            CancellationToken.None);

        Assert.Empty(problems.Sorted());
        Assert.Equal("{a: 1, b: 2, c: 3}", root.ToString());
        Assert.Equal(3, root.Find("c")!.Origin.Line);
    }

    [Theory]
    [InlineData("a: !!python/object/apply:os.system ['true']")]
    [InlineData("a: !!python/object:app.Thing {}")]
    public void YAML_makes_no_objects(string text) =>
        Assert.Contains("is not understood", FormatText.ProblemOf(ConfigurationFormat.Yaml, text).Message, StringComparison.Ordinal);

    [Fact]
    public void An_anchor_that_is_given_twice_is_told_with_both_places()
    {
        var problem = FormatText.ProblemOf(ConfigurationFormat.Yaml, "a: &x 1\nb: &x 2");

        Assert.Equal((2, 4), (problem.Line, problem.Column));
        Assert.Contains("config.yaml:1:4", problem.Message, StringComparison.Ordinal);
    }

    private static ConfigurationFormat Format(string name) =>
        ConfigurationFormat.All
            .First(format => string.Equals(format.Name.TrimStart('.'), name.TrimStart('.'), StringComparison.OrdinalIgnoreCase));

    private static string Repeat(string text, int count) => new StringBuilder(text.Length * count).Insert(0, text, count).ToString();
}
