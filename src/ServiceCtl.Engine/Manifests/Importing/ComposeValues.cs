using System.Globalization;
using System.Text.RegularExpressions;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Manifests.Importing;

/// <summary>Values as compose writes them. What is none of them is a fault, with its place.</summary>
internal sealed partial class ComposeValues(ProblemList problems)
{
    public string? Text(ConfigEntry entry) => entry.Value is ConfigScalar { Kind: not ScalarKind.Null } scalar
        ? scalar.Text : Wrong<string>(entry.Key, entry.Value, "a text");

    /// <summary>A list of texts, or one.</summary>
    public IReadOnlyList<(string Text, Origin Origin)> Texts(ConfigEntry entry) => entry.Value switch
    {
        ConfigScalar { Kind: ScalarKind.Null } => [],
        ConfigScalar scalar => [(scalar.Text, scalar.Origin)],
        ConfigSequence sequence when sequence.Items.All(item => item is ConfigScalar) =>
            [.. sequence.Items.Cast<ConfigScalar>().Select(item => (item.Text, item.Origin))],
        _ => Wrong<IReadOnlyList<(string, Origin)>>(entry.Key, entry.Value, "a list of texts") ?? [],
    };

    /// <summary>A list of words, or a command line.</summary>
    public IReadOnlyList<string>? Command(ConfigEntry entry) => entry.Value switch
    {
        ConfigScalar { Kind: ScalarKind.Null } => null,
        ConfigScalar scalar => ShellWords.Split(scalar.Text),
        _ => [.. Texts(entry).Select(word => word.Text)],
    };

    public bool? Flag(ConfigEntry entry) => entry.Value is ConfigScalar { Text: var text }
        ? text.ToLowerInvariant() switch
        {
            "true" or "yes" or "on" => true,
            "false" or "no" or "off" => false,
            _ => WrongFlag(entry),
        }
        : WrongFlag(entry);

    public int? Count(ConfigEntry entry) =>
        entry.Value is ConfigScalar { Text: var text } && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? count : WrongValue<int>(entry, "a number");

    public double? Number(ConfigEntry entry) => entry.Value is ConfigScalar { Text: var text }
        && double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number : WrongValue<double>(entry, "a number");

    public TimeSpan? Duration(ConfigEntry entry) =>
        entry.Value is ConfigScalar { Text: var text } && DurationText.TryParse(text, out var time)
        ? time : WrongValue<TimeSpan>(entry, "a duration such as `1m30s`");

    /// <summary>In bytes. Every unit of Docker's is a power of 1024.</summary>
    public long? Size(ConfigEntry entry)
    {
        var match = SizePattern().Match((entry.Value as ConfigScalar)?.Text ?? "");
        if (!match.Success)
            return WrongValue<long>(entry, "a size such as `512m`");
        var power = "bkmgt".IndexOf((match.Groups["unit"].Value + "b").ToLowerInvariant()[0], StringComparison.Ordinal);
        var number = decimal.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture);
        return (long)Math.Min(long.MaxValue, number * (1L << (10 * power)));
    }

    public ConfigMapping? Mapping(ConfigEntry entry) =>
        entry.Value as ConfigMapping ?? Wrong<ConfigMapping>(entry.Key, entry.Value, "a mapping");

    private bool? WrongFlag(ConfigEntry entry) => WrongValue<bool>(entry, "true or false");

    private T? WrongValue<T>(ConfigEntry entry, string wanted)
        where T : struct
    {
        Wrong<string>(entry.Key, entry.Value, wanted);
        return null;
    }

    private T? Wrong<T>(string key, ConfigValue value, string wanted)
        where T : class
    {
        problems.Add(value.Origin, key, $"`{key}` has to be {wanted}, and is {(value is ConfigScalar ? $"`{value}`" : value.Description)}.",
            "Correct the compose file.");
        return null;
    }

    [GeneratedRegex(@"^\s*(?<number>[0-9]{1,15}(\.[0-9]{1,6})?) ?(?<unit>[kmgt]?)i?b?\s*\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex SizePattern();
}
