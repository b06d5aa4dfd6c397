using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Daemons;

/// <summary>
/// A line's form in the words of Python's logging, so that a format can be taken over as it is.
/// https://docs.python.org/3/library/logging.html#logrecord-attributes
/// </summary>
internal sealed partial class DaemonLogFormat
{
    private static readonly Dictionary<string, Func<DaemonLogRecord, object>> Fields = new()
    {
        ["asctime"] = record => record.At.ToString("yyyy-MM-dd HH:mm:ss,fff", CultureInfo.InvariantCulture),
        ["created"] = record => record.At.ToUnixTimeMilliseconds() / 1000m,
        ["levelname"] = record => record.Level.ToString().ToUpperInvariant(),
        ["levelno"] = record => (decimal)record.Level,
        ["message"] = record => record.Message,
        ["msecs"] = record => (decimal)record.At.Millisecond,
        ["name"] = record => record.Name,
        ["process"] = _ => (decimal)Environment.ProcessId,
        ["thread"] = _ => (decimal)Environment.CurrentManagedThreadId,
        ["threadName"] = _ => Thread.CurrentThread.Name ?? "MainThread",
    };

    private readonly List<Func<DaemonLogRecord, string>> _pieces = [];

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: a field that is not known, or a lone %.</exception>
    public DaemonLogFormat(string text)
    {
        var done = 0;
        foreach (var match in Placeholder().EnumerateMatches(text))
        {
            var literal = text[done..match.Index];
            var found = text.Substring(match.Index, match.Length);
            done = match.Index + match.Length;
            _pieces.Add(_ => literal);
            _pieces.Add(PieceOf(found, text));
        }

        var rest = text[done..];
        _pieces.Add(_ => rest);
    }

    public string Render(DaemonLogRecord record)
    {
        var line = new StringBuilder();
        foreach (var piece in _pieces)
            line.Append(piece(record));
        return line.ToString();
    }

    private static Func<DaemonLogRecord, string> PieceOf(string found, string format)
    {
        if (found == "%%")
            return _ => "%";

        var match = Field().Match(found);
        if (!match.Success || !Fields.TryGetValue(match.Groups["name"].Value, out var field))
        {
            throw new ServiceCtlException(
                ErrorCode.InvalidArgument, format, $"The log format '{format}' can't be understood at '{found}'.",
                $"Write %(name)s with one of these names: {string.Join(", ", Fields.Keys)}; a percent sign is %%.");
        }

        var width = match.Groups["width"].Length == 0 ? 0 : int.Parse(match.Groups["width"].Value, CultureInfo.InvariantCulture);
        var digits = match.Groups["digits"].Length == 0 ? 6 : int.Parse(match.Groups["digits"].Value, CultureInfo.InvariantCulture);
        var (flag, kind) = (match.Groups["flag"].Value, match.Groups["kind"].Value);
        return record => Align(Text(field(record), kind, digits), width, flag);
    }

    private static string Text(object value, string kind, int digits) => (value, kind) switch
    {
        (decimal number, "d") => decimal.Truncate(number).ToString("0", CultureInfo.InvariantCulture),
        (decimal number, "f") => number.ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Align(string text, int width, string flag) => flag switch
    {
        "-" => text.PadRight(width),
        "0" => text.PadLeft(width, '0'),
        _ => text.PadLeft(width),
    };

    [GeneratedRegex(@"%%|%(\([^)]*\)[-0]?\d*(\.\d+)?[a-zA-Z]?)?", RegexOptions.ExplicitCapture)]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^%\((?<name>\w+)\)(?<flag>[-0]?)(?<width>\d{0,3})(\.(?<digits>\d{1,2}))?(?<kind>[sdf])\z",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Field();
}
