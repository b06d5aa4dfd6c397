using System.Globalization;
using System.Text.RegularExpressions;

namespace ServiceCtl.Engine.Configuration.Values;

/// <summary>
/// What a plain scalar means in YAML 1.1, as PyYAML (the predecessor's parser) understands it, so <c>y</c> and <c>n</c> are text;
/// beyond it <c>0o17</c> and <c>1e3</c> are numbers, as in YAML 1.2 and JSON.
/// </summary>
/// <remarks>https://yaml.org/type/ and yaml/resolver.py.</remarks>
internal static partial class ScalarText
{
    public static ScalarKind KindOf(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => ScalarKind.Null,
        "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" => ScalarKind.Boolean,
        "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" => ScalarKind.Boolean,
        _ when IntegerPattern().IsMatch(text) => ScalarKind.Integer,
        _ when FloatPattern().IsMatch(text) => ScalarKind.Float,
        _ => ScalarKind.Text,
    };

    /// <summary>
    /// Reads what <see cref="KindOf"/> calls an integer: decimal, <c>0x</c>, <c>0b</c>, octal, base 60, with underscores.
    /// </summary>
    /// <returns>False when it doesn't fit into 64 bits.</returns>
    public static bool TryReadInteger(string text, out long value)
    {
        var digits = text.Replace("_", "", StringComparison.Ordinal).AsSpan();
        var negative = digits[0] == '-';
        if (digits[0] is '-' or '+')
            digits = digits[1..];

        Int128 sum;
        if (digits.Contains(':'))
            sum = ReadSexagesimal(digits);
        else if (digits is ['0', 'x' or 'X', ..])
            sum = ReadDigits(digits[2..], 16);
        else if (digits is ['0', 'b' or 'B', ..])
            sum = ReadDigits(digits[2..], 2);
        else if (digits is ['0', 'o' or 'O', ..])
            sum = ReadDigits(digits[2..], 8);
        else if (digits is ['0', _, ..])
            sum = ReadDigits(digits, 8);
        else
            sum = ReadDigits(digits, 10);

        sum = negative ? -sum : sum;
        var fits = sum >= long.MinValue && sum <= long.MaxValue;
        value = fits ? (long)sum : 0;
        return fits;
    }

    /// <summary>Reads what <see cref="KindOf"/> calls a float.</summary>
    public static double ReadFloat(string text)
    {
        var digits = text.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
        switch (digits.TrimStart('+', '-'))
        {
            case ".inf":
                return digits[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            case ".nan":
                return double.NaN;
        }

        var sum = 0d;
        foreach (var part in digits.TrimStart('+', '-').Split(':'))
            sum = (sum * 60) + double.Parse(part, NumberStyles.Float, CultureInfo.InvariantCulture);
        return digits[0] == '-' ? -sum : sum;
    }

    private static Int128 ReadSexagesimal(ReadOnlySpan<char> digits)
    {
        Int128 sum = 0;
        foreach (var part in digits.Split(':'))
            sum = Saturate((sum * 60) + ReadDigits(digits[part], 10));
        return sum;
    }

    private static Int128 ReadDigits(ReadOnlySpan<char> digits, int radix)
    {
        Int128 sum = 0;
        foreach (var digit in digits)
            sum = Saturate((sum * radix) + Convert.ToInt32(digit.ToString(), 16));
        return sum;
    }

    private static Int128 Saturate(Int128 value) => Int128.Min(value, (Int128)ulong.MaxValue + 1);

    [GeneratedRegex(
        @"^[-+]?(0b[01_]*[01][01_]*|0x[0-9a-fA-F_]*[0-9a-fA-F][0-9a-fA-F_]*|0o[0-7_]*[0-7][0-7_]*|0[0-7_]*|[1-9][0-9_]*(:[0-5]?[0-9])*)\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex IntegerPattern();

    [GeneratedRegex(
        @"^[-+]?([0-9][0-9_]*\.[0-9_]*([eE][-+]?[0-9]+)?|[0-9][0-9_]*[eE][-+]?[0-9]+|\.[0-9][0-9_]*([eE][-+]?[0-9]+)?|[0-9][0-9_]*(:[0-5]?[0-9])+\.[0-9_]*|\.(inf|Inf|INF))\z|^\.(nan|NaN|NAN)\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex FloatPattern();
}
