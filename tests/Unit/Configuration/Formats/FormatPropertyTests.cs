using CsCheck;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Formats;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Text;

namespace ServiceCtl.Tests.Unit.Configuration.Formats;

/// <summary>Whatever the text and the format: a tree, or problems with a place in the text and a remedy.</summary>
public sealed class FormatPropertyTests
{
    private static readonly string[] Fragments =
    [
        "a", "b = ", "key: value", "\n", "\r\n", "\r", "\n  ", "=", ":", ",", ".", "[", "]", "[[", "]]", "{", "}", "'", "\"", "'''",
        "\"\"\"", "\\", "\\u00e9", "\\ud800",
        "\\U0010FFFF", "\\n", "#", " # c", ";", "//", "/*", "*/", "1", "01", "-", "+", "1_0", "0x", "1.5", "e9", "inf", "nan", "true",
        "null", "2024-02-30", " 07:32:00", "Z", "\t",
        "export ", "${", "${a", ":-", "}", "$", "A__B", "__", "é", "😀", "\ufeff", "\u2028", "\u0085", "\0", "\ud800", "<<: ", "&a ", "*a",
        "!join ", "- ", "---\n", "a.b", "\"\"",
    ];

    private static readonly Gen<string> Malformed = Gen.OneOf(
        Gen.Int[0, Fragments.Length - 1].Array[1, 40].Select(indexes => string.Concat(indexes.Select(index => Fragments[index]))),
        Gen.String[Gen.Char[" \n\r\t:-?[]{},'\"&*!|>%@`#;abc019\\.=_$/"], 1, 60],
        Gen.String[1, 40]);

    private static readonly Dictionary<string, string> Right = new()
    {
        ["JSON"] = "{\"a\": [1, -2.5e3, true, null, \"x\\n\\u00e9\"], // why\n \"b\": {\"c\": {}}, /* end */ }",
        ["TOML"] =
            "a = [1, 0x1F, -2.5e3, true, inf]\n[b.c]\nd.\"e\" = {f = 'g', h = 1979-05-27T07:32:00Z}\n[[i]]\nj = \"\"\"\nx\\\n  "
                + "y\"\"\"\n[[i]]\n",
        ["YAML"] = "a: [&x 1, 'two']\nb:\n  c: !join [*x]\n  d: {<<: {e: 1}}\nf: |\n  text\n",
        ["INI"] = "a = 1 ; why\n[b.c]\nd = 'e'\nf = [1, 2]\n# end\n",
        [".env"] = "export A=1 # why\nB='x\ny'\nC=\"${A:-d} \\n\"\nD__E=${A}\n",
    };

    public static TheoryData<string> Names => [.. Right.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Random_texts_never_crash_and_each_problem_has_a_place_in_the_text_and_a_remedy(string name) =>
        Malformed.Sample(text => AssertPlaces(Format(name), text), iter: 4_000);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_right_text_with_a_part_changed_never_crashes(string name)
    {
        var right = Right[name];
        Assert.Empty(FormatText.ProblemsOf(Format(name), right));
        Gen.Select(Gen.Int[0, right.Length - 1], Gen.Int[0, 4], Gen.Int[0, Fragments.Length - 1]).Sample(
            (position, removed, fragment) =>
                AssertPlaces(Format(name), right[..position] + Fragments[fragment] + right[Math.Min(right.Length, position + removed)..]),
            iter: 4_000);
    }

    [Fact]
    public void Random_texts_without_an_extension_never_crash() => Malformed.Sample(
        text =>
        {
            try
            {
                var problems = new ProblemList();
                ConfigurationFormat.ReadAny(new SourceText("settings", text), problems, CancellationToken.None);
                Assert.Equal(0, problems.Count);
            }
            catch (MalformedSourceException fault)
            {
                Assert.True(fault.Origin is { Line: > 0, Column: > 0 });
                Assert.NotEmpty(fault.Advice);
            }
        },
        iter: 2_000);

    [Fact]
    public void What_JSON_writes_is_read_back() => Gen.String.Sample(
        text => text.Any(char.IsSurrogate)
            || FormatText.Read(ConfigurationFormat.Json, $"{{\"a\": {System.Text.Json.JsonSerializer.Serialize(text)}}}")
                .Find("a")!.ToString() == text,
        iter: 2_000);

    private static void AssertPlaces(ConfigurationFormat format, string text)
    {
        string[] ends = format == ConfigurationFormat.Yaml ? ["\r\n", "\n", "\r", "\u0085", "\u2028", "\u2029"] : ["\r\n", "\n", "\r"];
        var lines = text.Split(ends, StringSplitOptions.None);
        Assert.All(FormatText.ProblemsOf(format, text), problem => AssertPlace(problem, lines));
    }

    private static void AssertPlace(ConfigurationProblem problem, string[] lines)
    {
        Assert.True(problem.Line >= 1 && problem.Line <= lines.Length, problem.ToString());
        Assert.True(problem.Column >= 1, problem.ToString());
        Assert.False(string.IsNullOrEmpty(problem.Advice), problem.ToString());
    }

    private static ConfigurationFormat Format(string name) => ConfigurationFormat.All.Single(format => format.Name == name);
}
