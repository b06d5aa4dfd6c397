using System.Collections;
using System.Globalization;
using System.Text;

namespace ServiceCtl.Contracts;

/// <summary>
/// Text of others (of services, their logs, commits, files) as people get to see it: what would steer their terminal, or turn the order of
/// what they read, stands there as an escape. The one place that decides what that is. Objects and JSON keep the text as it is.
/// </summary>
/// <remarks>
/// Control characters (of C1 as well, which some terminals obey), and what Unicode calls format characters: overrides and isolates of
/// direction (https://trojansource.codes), invisible ones, tags. Joiners and marks of direction stay, since scripts and emoji are written
/// with them.
/// </remarks>
public static class VisibleText
{
    private const char FirstOfUnicodeEscapes = '\u0100';

    /// <summary>Lines stay lines, and tabs tabs.</summary>
    public static string Of(string text) => Escape(text, keepsLines: true);

    /// <summary>What is one line stays one.</summary>
    public static string Line(string text) => Escape(text, keepsLines: false);

    /// <summary>Any value, for views: each text of a list by itself; null for null.</summary>
    public static object? Of(object? value) => value switch
    {
        null => null,
        string text => Of(text),
        IEnumerable values => values.Cast<object?>().Select(Of).ToArray(),
        _ => Of(value.ToString() ?? ""),
    };

    private static string Escape(string text, bool keepsLines)
    {
        var first = FirstSteering(text, keepsLines);
        if (first < 0)
            return text;
        var visible = new StringBuilder(text.Length + 16).Append(text, 0, first);
        for (var at = first; at < text.Length;)
        {
            Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var length);
            if (IsSteering(rune, keepsLines))
                Append(visible, rune.Value);
            else
                visible.Append(text, at, length);
            at += length;
        }

        return visible.ToString();
    }

    /// <summary>Nearly all text has none, and is passed on as it is.</summary>
    private static int FirstSteering(string text, bool keepsLines)
    {
        for (var at = text.AsSpan().IndexOfAnyExceptInRange(' ', '~'); at >= 0 && at < text.Length;)
        {
            Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var length);
            if (IsSteering(rune, keepsLines))
                return at;
            at += length;
            var next = text.AsSpan(at).IndexOfAnyExceptInRange(' ', '~');
            if (next < 0)
                return -1;
            at += next;
        }

        return -1;
    }

    private static bool IsSteering(Rune rune, bool keepsLines) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control => rune.Value is not '\t' && !(keepsLines && rune.Value == '\n'),
        UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => true,
        UnicodeCategory.Format => !IsWrittenWith(rune.Value),
        _ => false,
    };

    /// <summary>Soft hyphen, signs before Arabic and Syriac numbers, joiners, and marks of direction, which turn no letters.</summary>
    private static bool IsWrittenWith(int character) =>
        character is 0xAD or (>= 0x600 and <= 0x605) or 0x61C or 0x6DD or 0x70F or (>= 0x200C and <= 0x200F);

    private static void Append(StringBuilder visible, int character) => _ = character switch
    {
        '\r' => visible.Append("\\r"),
        '\n' => visible.Append("\\n"),
        < FirstOfUnicodeEscapes => visible.Append(CultureInfo.InvariantCulture, $"\\x{character:x2}"),
        <= char.MaxValue => visible.Append(CultureInfo.InvariantCulture, $"\\u{character:x4}"),
        _ => visible.Append(CultureInfo.InvariantCulture, $"\\U{character:x8}"),
    };
}
