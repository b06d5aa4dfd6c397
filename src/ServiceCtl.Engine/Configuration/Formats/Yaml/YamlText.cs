using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Formats.Yaml;

/// <summary>Values written as YAML in one line, so that they are read back as the same.</summary>
internal static partial class YamlText
{
    public static string Flow(ConfigValue value) => value switch
    {
        ConfigMapping mapping => $"{{{string.Join(", ", mapping.Entries.Select(entry => $"{Key(entry.Key)}: {Flow(entry.Value)}"))}}}",
        ConfigSequence sequence => $"[{string.Join(", ", sequence.Items.Select(Flow))}]",
        var scalar => Scalar((ConfigScalar)scalar),
    };

    public static string Key(string key) => IsPlain(key) ? key : Quote(key);

    public static string Scalar(ConfigScalar scalar) => scalar switch
    {
        { Kind: ScalarKind.Null } => "null",
        { Kind: not ScalarKind.Text } => scalar.Text,
        _ when IsPlain(scalar.Text) && ScalarText.KindOf(scalar.Text) == ScalarKind.Text => scalar.Text,
        _ => Quote(scalar.Text),
    };

    private static bool IsPlain(string text) => PlainPattern().IsMatch(text);

    private static string Quote(string text)
    {
        if (!text.Any(NeedsEscape))
            return $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
        var quoted = new StringBuilder("\"");
        foreach (var character in text)
        {
            _ = character switch
            {
                '"' or '\\' => quoted.Append('\\').Append(character),
                '\n' => quoted.Append("\\n"),
                '\t' => quoted.Append("\\t"),
                _ when NeedsEscape(character) => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}"),
                _ => quoted.Append(character),
            };
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>Control characters, and what YAML takes for the end of a line.</summary>
    private static bool NeedsEscape(char character) => char.IsControl(character) || character is '\u2028' or '\u2029' or '\ufeff';

    // No colon, comma, bracket or quote: plain inside brackets as well.
    [GeneratedRegex(@"^[A-Za-z0-9_./~][A-Za-z0-9_./+@%=-]*( [A-Za-z0-9_./(][A-Za-z0-9_./+@%=;()-]*)*\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex PlainPattern();
}
