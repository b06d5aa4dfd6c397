using System.Text;
using CsCheck;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Configuration.Sources;
using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Configuration.Values;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Tests.Unit.Configuration;

/// <summary>
/// Whatever the bytes: a reading ends in a configuration or in problems with a place, never in an exception of another kind.
/// </summary>
public sealed class ConfigurationPropertyTests
{
    private static readonly string[] Fragments =
    [
        "a", "b: ", "key: value", "\n", "\n  ", "\n- ", "- ", "? ", ": ", ":", "[", "]", "{", "}", ",", "'", "\"", "\\x", "|", ">", ">-\n",
        "&a ", "*a", "*b",
        "!join ", "!join [", "!!int ", "!foo ", "<<: ", "#", " # c", "---\n", "...\n", "%YAML 1.1\n", "%TAG ! x\n", "\t", "\r\n", "\r", "~",
        "yes", "0644", "8:30", "1e3",
        "\0", "\u0085", "\u2028", "\ufeff", "é", "😀", "@", "`", "%", "service:\n  ", "uwsgi:\n  ", "local_port: ", "TAGS: ", "ready: ",
        "timeout: ", "\ud800",
    ];

    private static readonly Gen<string> Malformed = Gen.OneOf(
        Gen.Int[0, Fragments.Length - 1].Array[1, 40].Select(indexes => indexes.Select(index => Fragments[index])).Select(string.Concat),
        Gen.String[Gen.Char[" \n\t:-?[]{},'\"&*!|>%@`#abc019\\."], 1, 60],
        Gen.String[1, 40]);

    // Scalars whose meaning doesn't depend on quotes, as written by the printer below.
    private static readonly Gen<ConfigValue> Scalar = Gen.OneOf(
        Gen.String[Gen.Char[' ', '~'], 0, 12]
            .Select(text => (ConfigValue)new ConfigScalar(text, ScalarKind.Text, Origin.Default, isQuoted: true)),
        Gen.Int.Select(number => (ConfigValue)new ConfigScalar($"{number}", ScalarKind.Integer, Origin.Default)),
        Gen.Int[0, 2].Select(
            word => (ConfigValue)new ConfigScalar(word == 0 ? "true" : word == 1 ? "no" : "on", ScalarKind.Boolean, Origin.Default)),
        Gen.Const((ConfigValue)new ConfigScalar("~", ScalarKind.Null, Origin.Default)));

    private static readonly Gen<string> Key = Gen.String[Gen.Char[' ', '~'], 1, 8];

    private static readonly Gen<ConfigValue> Tree = Gen.Recursive<ConfigValue>((depth, self) => depth > 4
        ? Scalar
        : Gen.Frequency(
            (3, Scalar),
            (1, self.Array[0, 4].Select(items => (ConfigValue)new ConfigSequence(items, Origin.Default))),
            (1, Mapping(self).Select(mapping => (ConfigValue)mapping))));

    private static readonly Gen<ConfigMapping> Root = Mapping(Tree);

    [Fact]
    public Task Random_malformed_configs_never_crash_and_each_problem_has_line_column_and_advice() => Malformed.SampleAsync(
        AssertAllProblemsHavePlaceAndAdviceAsync,
        iter: 5_000);

    [Fact]
    public void Random_bytes_never_crash_and_each_problem_has_line_and_column() => Gen.Byte.Array[0, 200].Sample(
        bytes =>
        {
            try
            {
                SourceText.Decode("config.yaml", bytes, null);
                return true;
            }
            catch (MalformedSourceException fault)
            {
                return fault.Origin is { Line: > 0, Column: > 0 };
            }
        },
        iter: 2_000);

    [Fact]
    public Task A_right_config_with_one_character_changed_never_crashes()
    {
        const string right = "a: &x [1, 'two']\nuwsgi:\n  http: !join [*x]\nservice: {ready: {http: /ping}, stop: {timeout: 5s}}\n";
        return Gen.Select(Gen.Int[0, right.Length - 1], Gen.Char).SampleAsync(
            (position, character) => AssertAllProblemsHavePlaceAndAdviceAsync(right[..position] + character + right[(position + 1)..]),
            iter: 2_000);
    }

    [Fact]
    public void A_tree_written_as_YAML_is_read_back_the_same() =>
        Root.Sample(root => TextSource.Read(Print(root)).HasSameContentAs(root), iter: 2_000);

    [Fact]
    public void Composing_with_nothing_changes_nothing_and_the_higher_one_always_wins() => Gen.Select(Root, Root).Sample(
        (lower, higher) =>
        {
            var empty = ConfigMapping.Empty(Origin.Default);
            var composed = ConfigurationComposer.Compose([lower, higher]);
            return ConfigurationComposer.Compose([lower, empty]).HasSameContentAs(lower)
                && ConfigurationComposer.Compose([empty, higher]).HasSameContentAs(higher)
                && ConfigurationComposer.Compose([composed, higher]).HasSameContentAs(composed)
                && higher.Entries
                    .All(entry => entry.Value is ConfigMapping || composed.Entry(entry.Key)!.Value.HasSameContentAs(entry.Value));
        },
        iter: 2_000);

    [Fact]
    public void A_dotted_path_names_the_key_it_was_made_from() => Gen.String[Gen.Char[' ', '~'], 0, 10].Array[1, 5].Sample(
        keys => KeyPath.Split(keys.Aggregate("", KeyPath.Join)).Select(segment => segment.Name).SequenceEqual(keys),
        iter: 2_000);

    private static Gen<ConfigMapping> Mapping(Gen<ConfigValue> value) =>
        Gen.Select(Key, value).Array[0, 4].Select(pairs => new ConfigMapping(
            pairs.DistinctBy(pair => pair.Item1).Select(pair => new ConfigEntry(pair.Item1, Origin.Default, pair.Item2)), Origin.Default));

    private static async Task AssertAllProblemsHavePlaceAndAdviceAsync(string text)
    {
        var check = await ConfigurationReader.CheckAsync([new TextSource(text)], ServiceSchema.Schema, "/srv", CancellationToken.None);
        var lines = text.Split(["\r\n", "\n", "\r", "\u0085", "\u2028", "\u2029"], StringSplitOptions.None);
        Assert.All(check.Problems, problem =>
        {
            Assert.NotNull(problem.Line);
            Assert.InRange(problem.Line.Value, 1, lines.Length);
            Assert.True(problem.Column >= 1, problem.ToString());
            Assert.False(string.IsNullOrEmpty(problem.Advice), problem.ToString());
        });
    }

    private static string Print(ConfigValue value) => value switch
    {
        ConfigMapping mapping => $"{{{string.Join(", ", mapping.Entries.Select(entry => $"{Quote(entry.Key)}: {Print(entry.Value)}"))}}}",
        ConfigSequence sequence => $"[{string.Join(", ", sequence.Items.Select(Print))}]",
        ConfigScalar { IsQuoted: true } scalar => Quote(scalar.Text),
        _ => value.ToString()!,
    };

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var character in text)
            quoted.Append(character is '"' or '\\' ? $"\\{character}" : $"{character}");
        return quoted.Append('"').ToString();
    }
}
