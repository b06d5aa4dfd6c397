using System.Globalization;
using System.Text;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Units;

/// <summary>
/// The text of a unit file, and systemd's rules for what stands in one.
/// https://www.freedesktop.org/software/systemd/man/latest/systemd.syntax.html
/// </summary>
internal sealed class UnitText
{
    private readonly StringBuilder _text = new();

    public UnitText Section(string name)
    {
        if (_text.Length > 0)
            _text.Append('\n');
        _text.Append('[').Append(name).Append("]\n");
        return this;
    }

    public UnitText Comment(string words)
    {
        _text.Append("# ").Append(words).Append('\n');
        return this;
    }

    /// <param name="name">The setting.</param>
    /// <param name="value">As systemd reads it; null leaves the setting out.</param>
    public UnitText Set(string name, string? value)
    {
        // systemd has no escape for it outside of quotes: the rest of the line would be a setting of its own.
        if (value?.Any(char.IsControl) == true)
        {
            throw new ServiceCtlException(
                ErrorCode.InvalidArgument, name, $"The unit can't be written: its {name} holds a line break or another control character.",
                "Rename the folder or file.");
        }

        // At the end of a line it joins the next one to it, and there is no escape for that either.
        if (value?.EndsWith('\\') == true)
        {
            throw new ServiceCtlException(
                ErrorCode.InvalidArgument, name, $"The unit can't be written: its {name} ends with a backslash.",
                "Rename the folder or file.");
        }

        if (value is not null)
            _text.Append(name).Append('=').Append(value).Append('\n');
        return this;
    }

    public UnitText Set(string name, TimeSpan time) => Set(name, Seconds(time));

    public override string ToString() => _text.ToString();

    public static string Seconds(TimeSpan time) => Math.Ceiling(time.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    /// <summary>A path, or any other text that is one value: % begins a specifier.</summary>
    public static string Value(string text) => text.Replace("%", "%%", StringComparison.Ordinal);

    public static string? ValueOrNone(string? text) => text is null ? null : Value(text);

    /// <summary>Several of them; null for none.</summary>
    public static string? Words(IEnumerable<string> texts) =>
        string.Join(' ', texts.Select(text => Word(text, "$"))) is { Length: > 0 } words ? words : null;

    /// <summary>A program and its arguments: blanks, quotes and backslashes quoted, $ and % doubled.</summary>
    public static string CommandLine(string program, IEnumerable<string> arguments) =>
        string.Join(' ', arguments.Select(argument => Word(argument, "$$")).Prepend(Word(program, "$")));

    public static string Variable(string name, string value) => Word($"{name}={value}", "$");

    private static string Word(string text, string dollar)
    {
        var escaped = Value(text).Replace("$", dollar, StringComparison.Ordinal);
        return escaped.Length > 0 && escaped.All(letter => char.IsAsciiLetterOrDigit(letter) || "_-+=./:,@%$~".Contains(letter))
            ? escaped
            : '"' + escaped.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
                .Replace("\n", "\\n", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal) + '"';
    }
}
