using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ServiceCtl.Engine.Configuration.Formats;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Tests.Unit.Configuration.Formats;

/// <summary>
/// The public suite (https://github.com/toml-lang/toml-test), all cases of TOML 1.1.0. It is not part of the project: it is looked for as
/// <c>shared/toml-test</c> in a folder above the repository, and the tests say that they are skipped where it is not.
/// </summary>
public sealed partial class TomlSuiteTests
{
    [Fact]
    public void All_valid_files_of_the_suite_are_read_and_mean_what_it_says()
    {
        var failures = new List<string>();
        var count = 0;
        foreach (var file in Cases("valid/"))
        {
            count++;
            var problems = new ProblemList();
            try
            {
                var root = ConfigurationFormat.Toml.Read(SourceText.Decode(file, File.ReadAllBytes(file), null), problems,
                    CancellationToken.None);
                using var expected = JsonDocument.Parse(File.ReadAllText(Path.ChangeExtension(file, ".json")));
                failures.AddRange(problems.Sorted().Select(problem => problem.ToString()));
                failures.AddRange(Differences(expected.RootElement, root, file));
            }
            catch (MalformedSourceException fault)
            {
                failures.Add($"{fault.Origin.Place}: {fault.Message}");
            }
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
        Assert.True(count > 150, $"Only {count} files were there.");
    }

    [Fact]
    public void All_invalid_files_of_the_suite_are_refused_with_a_place_and_a_remedy()
    {
        var failures = new List<string>();
        var count = 0;
        foreach (var file in Cases("invalid/"))
        {
            count++;
            var problems = new ProblemList();
            try
            {
                ConfigurationFormat.Toml.Read(SourceText.Decode(file, File.ReadAllBytes(file), null), problems, CancellationToken.None);
            }
            catch (MalformedSourceException fault)
            {
                problems.Add(fault.Origin, null, fault.Message, fault.Advice);
            }

            if (problems.Count == 0 || problems.Sorted().Any(problem => problem is not { Line: > 0, Column: > 0, Advice: not null }))
                failures.Add($"{file}: {string.Join(", ", problems.Sorted())}");
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
        Assert.True(count > 300, $"Only {count} files were there.");
    }

    private static IEnumerable<string> Cases(string kind)
    {
        var at = AppContext.BaseDirectory;
        while (at is not null && !Directory.Exists(Path.Combine(at, "shared", "toml-test")))
            at = Path.GetDirectoryName(at);
        if (at is null)
            Assert.Skip("There is no shared/toml-test above the repository. Get it from https://github.com/toml-lang/toml-test.");

        var suite = Path.Combine(at, "shared", "toml-test");
        return File.ReadLines(Path.Combine(suite, "files-toml-1.1.0"))
            .Where(line => line.StartsWith(kind, StringComparison.Ordinal) && line.EndsWith(".toml", StringComparison.Ordinal))
            .Select(line => Path.Combine(suite, line));
    }

    private static IEnumerable<string> Differences(JsonElement expected, ConfigValue? actual, string path) =>
        (expected.ValueKind, actual) switch
        {
            (JsonValueKind.Array, ConfigSequence list) when list.Items.Count == expected.GetArrayLength() =>
                expected.EnumerateArray().SelectMany((item, index) => Differences(item, list.Items[index], $"{path}[{index}]")),
            (JsonValueKind.Object, ConfigMapping mapping) when mapping.Count == expected.EnumerateObject().Count() =>
                expected.EnumerateObject()
                    .SelectMany(property => Differences(property.Value, mapping.Entry(property.Name)?.Value, $"{path}.{property.Name}")),
            (JsonValueKind.Object, ConfigScalar scalar) when IsSame(expected, scalar) => [],
            _ => [$"{path}: {expected} is read as {actual?.ToString() ?? "nothing"}"],
        };

    private static bool IsSame(JsonElement expected, ConfigScalar actual)
    {
        var text = expected.GetProperty("value").GetString()!;
        return (expected.GetProperty("type").GetString(), actual.Kind, actual.IsQuoted) switch
        {
            ("string", ScalarKind.Text, true) => actual.Text == text,
            ("bool", ScalarKind.Boolean, false) => actual.Text == text,
            ("integer", ScalarKind.Integer, false) => ScalarText.TryReadInteger(actual.Text, out var number)
                && number == long.Parse(text, CultureInfo.InvariantCulture),
            ("float", ScalarKind.Float, false) => ScalarText.ReadFloat(actual.Text).Equals(FloatOf(text)),
            ("datetime" or "datetime-local" or "date-local" or "time-local", ScalarKind.Text, false) => DateOf(actual.Text) == DateOf(text),
            _ => false,
        };
    }

    private static double FloatOf(string text) => text.TrimStart('+', '-') switch
    {
        "inf" => text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity,
        "nan" => double.NaN,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    // The suite writes dates with a T and with seconds, and fractions with as many digits as it likes.
    private static string DateOf(string text) =>
        Fraction().Replace(WithoutSeconds().Replace(text, "${minutes}:00").ToUpperInvariant().Replace(' ', 'T'), "$1")
            .Replace("+00:00", "Z", StringComparison.Ordinal);

    [GeneratedRegex(@"(?<minutes>(?<![0-9:+-])[0-9]{2}:[0-9]{2}|[Tt ][0-9]{2}:[0-9]{2})(?![0-9:])")]
    private static partial Regex WithoutSeconds();

    [GeneratedRegex(@"(\.[0-9]*[1-9])0+|\.0+(?![0-9])")]
    private static partial Regex Fraction();
}
