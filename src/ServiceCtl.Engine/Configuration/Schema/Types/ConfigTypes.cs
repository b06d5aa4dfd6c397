// Longer than 300 lines: a table of types, each with the function that reads it.
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Search;
using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Schema.Types;

/// <summary>The types a key can have.</summary>
public static partial class ConfigTypes
{
    /// <summary>Any text, exactly as written.</summary>
    public static ConfigType<string> Text { get; } = new ScalarType<string>(
        "text", "text", "some text", """{"type": ["string", "number", "boolean"]}""", ReadText);

    /// <summary><c>0/1</c>, <c>true/false</c>, <c>yes/no</c>, <c>on/off</c>, <c>y/n</c>, in quotes or not, in any case.</summary>
    public static ConfigType<bool> Boolean { get; } = new ScalarType<bool>(
        "boolean", "`true` or `false`", "true",
        """{"type": ["boolean", "integer", "string"], "enum": [true, false, 0, 1, "0", "1", "true", "false", "yes", "no", "on", "off", "y", "n"]}""", ReadBoolean);

    public static ConfigType<TimeSpan> Duration { get; } = new ScalarType<TimeSpan>(
        "duration", "a duration from 0 to 24 days such as `500ms`, `2s` or `1m30s`", "30s",
        """{"type": ["number", "string"], "minimum": 0, "pattern": "^\\s*[0-9][0-9.:a-z ]*$"}""", ReadDuration);

    /// <summary>In bytes. <see cref="SizeText"/> says which units are decimal.</summary>
    public static ConfigType<long> Size { get; } = new ScalarType<long>(
        "size", "a size such as `4096`, `512MB` (decimal) or `1GiB` (binary)", "512MB",
        """{"type": ["number", "string"], "minimum": 0, "pattern": "^\\s*[0-9]+(\\.[0-9]+)? ?([KMGTkmgt]([Ii]?[Bb])?|[Bb])?\\s*$"}""",
        ReadSize);

    /// <summary>In percent: 50 for <c>50%</c>.</summary>
    public static ConfigType<double> Percentage { get; } = new ScalarType<double>(
        "percentage", "a percentage such as `50%`", "50%",
        """{"type": ["number", "string"], "minimum": 0, "pattern": "^\\s*[0-9.]+\\s*%?\\s*$"}""", ReadPercentage);

    /// <summary>So many times as much: 2 for <c>2x</c>.</summary>
    public static ConfigType<double> Factor { get; } = new ScalarType<double>(
        "factor", "a factor of at least 1 such as `2x`", "2x",
        """{"type": ["number", "string"], "minimum": 1, "pattern": "^\\s*[0-9.]+\\s*[xX]?\\s*$"}""", ReadFactor);

    /// <summary>Absolute when read.</summary>
    public static ConfigType<string> FilePath { get; } = new ScalarType<string>(
        "path", "a path", "./folder/file", """{"type": "string", "minLength": 1}""", ReadPath);

    /// <summary>Of .NET's kind, unanchored, limited to a second for one text.</summary>
    public static ConfigType<Regex> Pattern { get; } = new ScalarType<Regex>(
        "regex", "a regular expression", "'.*\\.log'", """{"type": "string", "format": "regex"}""", ReadPattern);

    /// <summary>Of .gitignore's kind, or a regular expression after <c>regex:</c>.</summary>
    public static ConfigType<FilePattern> Glob { get; } = new ScalarType<FilePattern>(
        "glob", "a pattern such as `*.log` or `config/**/main.{json,yaml}`", "'*.log'", """{"type": "string", "minLength": 1}""", ReadGlob);

    public static ConfigType<EndpointAddress> Address { get; } = new ScalarType<EndpointAddress>(
        "address", "an address such as `127.0.0.1:8001`, `:8001`, `8001` or `unix:/path`", "127.0.0.1:8001",
        """{"type": ["integer", "string"], "minimum": 1, "maximum": 65535, "minLength": 1}""", ReadAddress);

    /// <summary>The same, one or several, each with who may connect to a Unix socket.</summary>
    public static ConfigType<IReadOnlyList<EndpointAddress>> ListenAddresses { get; } = new ListType<EndpointAddress>(new ListenType(),
        separators: ",", takesMappings: true);

    /// <summary>A path on the service itself, or a whole URL.</summary>
    public static ConfigType<string> HttpTarget { get; } = new ScalarType<string>("path or URL",
        "a path such as `/ping`, or a URL", "/ping",
        """{"type": "string", "pattern": "^(/\\S*|https?://\\S+)$"}""", ReadHttpTarget);

    /// <summary>A umask, in octal.</summary>
    public static ConfigType<int> FileMask { get; } = new ScalarType<int>(
        "umask", "a umask in octal from `0000` to `0777`", "'0027'", """{"type": ["integer", "string"], "pattern": "^0?[0-7]{1,3}$"}""",
        ReadFileMask);

    /// <summary>A file's mode, in octal.</summary>
    public static ConfigType<int> FileMode { get; } = new ScalarType<int>(
        "mode", "a mode in octal from `0000` to `0777`", "'0640'", """{"type": ["integer", "string"], "pattern": "^0?[0-7]{1,3}$"}""",
        ReadFileMask);

    /// <summary>One HTTP status, a hundred of them, or those from one to another.</summary>
    public static ConfigType<StatusRange> StatusRange { get; } = new ScalarType<StatusRange>(
        "HTTP status", "an HTTP status such as `204`, `2xx` or `200-399`", "2xx",
        """{"type": ["integer", "string"], "minimum": 100, "maximum": 599, "pattern": "^\\s*([1-5]([0-9]{2}|[xX]{2})|[1-5][0-9]{2}\\s*-\\s*[1-5][0-9]{2})\\s*$"}""", ReadStatusRange);

    /// <summary>Whatever was written: a key of somebody else's, known for its documentation only.</summary>
    public static ConfigType<ConfigValue> Anything { get; } = new RawType<ConfigValue>("anything", "anything", "value", "{}");

    /// <summary>By name, with or without SIG, or by number.</summary>
    public static ConfigType<SignalName> Signal { get; } = new ScalarType<SignalName>(
        "signal", $"a signal ({string.Join(", ", SignalName.All.Select(signal => signal.Name))})", "TERM",
        $$"""{"enum": [{{string.Join(", ", SignalName.All.Select(signal => $"\"{signal.Name}\", \"SIG{signal.Name}\", {signal.Number}"))}}]}""", ReadSignal);

    public static ConfigType<Rate> Rate { get; } = new ScalarType<Rate>(
        "rate", "a rate such as `5 in 1m`", "5 in 1m", """{"type": "string", "pattern": "^\\s*[0-9]+\\s*(in|/)\\s*[0-9]"}""", ReadRate);

    /// <summary>Names with texts, in their order.</summary>
    public static ConfigType<IReadOnlyDictionary<string, string>> TextMap { get; } = new TextMapType();

    /// <summary>Another program's options, in their order and as written.</summary>
    public static ConfigType<IReadOnlyList<ProgramOption>> Options { get; } = new OptionListType();

    [SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "The users' word.")]
    public static ConfigType<int> Integer(int from, int to) => new ScalarType<int>(
        "integer", string.Create(CultureInfo.InvariantCulture, $"an integer from {from} to {to}"),
        from.ToString(CultureInfo.InvariantCulture),
        string.Create(CultureInfo.InvariantCulture,
            $$"""{"type": ["integer", "string"], "minimum": {{from}}, "maximum": {{to}}, "pattern": "^\\s*[-+]?[0-9]+\\s*$"}"""),
        (scalar, _, out result) => ReadInteger(scalar, from, to, out result));

    /// <summary>As <see cref="Integer"/>, for what may be larger than 2,147,483,647.</summary>
    public static ConfigType<long> LongInteger(long from, long to) => new ScalarType<long>(
        "integer", Range("an integer", from, to, long.MinValue, long.MaxValue),
        Math.Clamp(1, from, to).ToString(CultureInfo.InvariantCulture),
        string.Create(CultureInfo.InvariantCulture,
            $$"""{"type": ["integer", "string"], "minimum": {{from}}, "maximum": {{to}}, "pattern": "^\\s*[-+]?[0-9]+\\s*$"}"""),
        (scalar, _, out result) => ReadLong(scalar, from, to, out result));

    /// <summary>Text that a regular expression matches anywhere.</summary>
    public static ConfigType<string> TextMatching(Regex pattern) => new ScalarType<string>(
        "text", $"text that matches `{Published(pattern)}`", "some text",
        $$"""{"type": "string", "pattern": {{JsonText.Quote(Published(pattern))}}}""",
        (scalar, _, out result) => ReadMatching(scalar, pattern, out result));

    public static ConfigType<double> Number(double from, double to) => new ScalarType<double>(
        "number", Range("a number", from, to, double.MinValue, double.MaxValue),
        Math.Clamp(1, from, to).ToString(CultureInfo.InvariantCulture),
        string.Create(CultureInfo.InvariantCulture,
            $$"""{"type": ["number", "string"], "minimum": {{from}}, "maximum": {{to}}, "pattern": "^\\s*[-+]?[0-9.]"}"""),
        (scalar, _, out result) => ReadNumber(scalar, from, to, out result));

    public static ConfigType<string> Choice(params IReadOnlyList<string> words) =>
        new ChoiceType<string>([.. words.Select(word => (word, word))]);

    /// <summary>The names of an enum in kebab case: <c>OnFailure</c> is written <c>on-failure</c>.</summary>
    public static ConfigType<T> Choice<T>()
        where T : struct, Enum =>
            new ChoiceType<T>(
                [.. Enum.GetValues<T>().Select(value => (KebabBoundary().Replace(value.ToString(), "-").ToLowerInvariant(), value))]);

    /// <summary>A list; a single value stands for a list of one, unless it holds a comma outside quotes.</summary>
    public static ConfigType<IReadOnlyList<T>> ListOf<T>(ConfigType<T> item)
        where T : notnull => new ListType<T>(item, separators: ",");

    /// <summary>A program with its arguments. A single value is a program without any: nothing is split at blanks.</summary>
    public static ConfigType<IReadOnlyList<string>> Command { get; } = new ListType<string>(Text, separators: " ");

    /// <summary>A list whose items its reader understands by itself.</summary>
    public static ConfigType<ConfigSequence> RawList(string expectation, string example) =>
        new RawType<ConfigSequence>("list", expectation, example, """{"type": "array"}""");

    private static string? ReadText(ConfigScalar scalar, ConversionContext context, out string result)
    {
        result = scalar.Text;
        return null;
    }

    private static string? ReadBoolean(ConfigScalar scalar, ConversionContext context, out bool result)
    {
        var text = scalar.Text.Trim().ToLowerInvariant();
        result = text is "1" or "true" or "yes" or "on" or "y";
        return result || text is "0" or "false" or "no" or "off" or "n" ? null : "";
    }

    private static string Range<T>(string what, T from, T to, T lowest, T highest)
        where T : IComparable<T>, IFormattable
    {
        string Text(T bound) => bound.ToString(null, CultureInfo.InvariantCulture);
        return (from.CompareTo(lowest) > 0, to.CompareTo(highest) < 0) switch
        {
            (true, true) => $"{what} from {Text(from)} to {Text(to)}",
            (true, false) => $"{what} of at least {Text(from)}",
            (false, true) => $"{what} of at most {Text(to)}",
            _ => what,
        };
    }

    private static string? ReadInteger(ConfigScalar scalar, int from, int to, out int result)
    {
        var reason = ReadLong(scalar, from, to, out var number);
        result = (int)number;
        return reason;
    }

    private static string? ReadLong(ConfigScalar scalar, long from, long to, out long number)
    {
        var isNumber = scalar.Kind == ScalarKind.Integer
            ? ScalarText.TryReadInteger(scalar.Text, out number)
            : long.TryParse(scalar.Text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
        if (isNumber && number >= from && number <= to)
            return null;
        number = 0;
        return "";
    }

    private static string? ReadNumber(ConfigScalar scalar, double from, double to, out double result)
    {
        result = 0;
        if (scalar.Kind == ScalarKind.Integer && ScalarText.TryReadInteger(scalar.Text, out var integer))
            result = integer;
        else if (scalar.Kind == ScalarKind.Float)
            result = ScalarText.ReadFloat(scalar.Text);
        else if (!double.TryParse(scalar.Text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out result))
            return "";
        return result >= from && result <= to ? null : "";
    }

    private static string? ReadDuration(ConfigScalar scalar, ConversionContext context, out TimeSpan result) =>
        DurationText.TryParse(scalar.Text, out result) ? null : "";

    private static string? ReadSize(ConfigScalar scalar, ConversionContext context, out long result) =>
        SizeText.TryParse(scalar.Text, out result) ? null : "";

    private static string? ReadPercentage(ConfigScalar scalar, ConversionContext context, out double result) =>
        double.TryParse(
            scalar.Text.Trim().TrimEnd('%').TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out result)
            ? null : "";

    private static string? ReadFactor(ConfigScalar scalar, ConversionContext context, out double result) =>
        double.TryParse(
            scalar.Text.Trim().TrimEnd('x', 'X').TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out result)
            && result >= 1 ? null : "";

    private static string? ReadPath(ConfigScalar scalar, ConversionContext context, out string result) =>
        PathText.Resolve(scalar.Text, context.FolderOf(scalar), out result);

    private static string? ReadAddress(ConfigScalar scalar, ConversionContext context, out EndpointAddress result) =>
        AddressText.Parse(scalar.Text, context.FolderOf(scalar), out result);

    private static string? ReadHttpTarget(ConfigScalar scalar, ConversionContext context, out string result)
    {
        result = scalar.Text;
        var isPath = result is ['/', ..] && !result.Any(char.IsWhiteSpace);
        if (isPath)
            return null;
        if (!Uri.TryCreate(result, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps)
            || result.Any(char.IsWhiteSpace))
            return "";
        return url.UserInfo.Length > 0 ? "A user and password go into its headers." : null;
    }

    private static string? ReadSignal(ConfigScalar scalar, ConversionContext context, out SignalName result)
    {
        var text = scalar.Text.Trim().ToUpperInvariant();
        result = SignalName.All.FirstOrDefault(signal =>
            text == signal.Name || text == $"SIG{signal.Name}" || text == signal.Number.ToString(CultureInfo.InvariantCulture));
        return result.Number > 0 ? null : "";
    }

    private static string? ReadPattern(ConfigScalar scalar, ConversionContext context, out Regex result)
    {
        try
        {
            result = ConfiguredPattern.Compile(scalar.Text);
            return null;
        }
        catch (RegexParseException exception)
        {
            result = null!;
            return $"At its character {exception.Offset + 1}: {exception.Error}.";
        }
    }

    /// <summary>As others than .NET understand it: JSON Schema's patterns are those of ECMA-262.</summary>
    private static string Published(Regex pattern)
    {
        var text = pattern.ToString();
        return text.StartsWith(@"\A", StringComparison.Ordinal) && text.EndsWith(@"\z", StringComparison.Ordinal)
            ? $"^{text[2..^2]}$" : text;
    }

    private static string? ReadMatching(ConfigScalar scalar, Regex pattern, out string result)
    {
        result = scalar.Text;
        try
        {
            return pattern.IsMatch(result) ? null : "";
        }
        catch (RegexMatchTimeoutException)
        {
            return "The pattern takes too long for this text.";
        }
    }

    private static string? ReadGlob(ConfigScalar scalar, ConversionContext context, out FilePattern result)
    {
        try
        {
            result = FilePattern.Parse(scalar.Text);
            return null;
        }
        catch (FormatException exception)
        {
            result = null!;
            return exception.Message;
        }
    }

    private static string? ReadFileMask(ConfigScalar scalar, ConversionContext context, out int result)
    {
        var digits = scalar.Text.Trim();
        digits = digits.StartsWith("0o", StringComparison.Ordinal) ? digits[2..] : digits;
        var isMask = digits is { Length: >= 1 and <= 4 } && digits.All(digit => digit is >= '0' and <= '7')
            && (digits.Length < 4 || digits[0] == '0');
        result = isMask ? Convert.ToInt32(digits, 8) : 0;
        return isMask ? null : "";
    }

    private static string? ReadStatusRange(ConfigScalar scalar, ConversionContext context, out StatusRange result) =>
        Configuration.Schema.Types.StatusRange.TryParse(scalar.Text, out result) ? null : "";

    private static string? ReadRate(ConfigScalar scalar, ConversionContext context, out Rate result)
    {
        result = default;
        var match = RatePattern().Match(scalar.Text);
        if (!match.Success || !int.TryParse(match.Groups["count"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || count < 1)
            return "";
        if (!DurationText.TryParse(match.Groups["window"].Value, out var window) || window <= TimeSpan.Zero)
            return $"`{match.Groups["window"].Value}` is not a duration.";
        result = new Rate(count, window);
        return null;
    }

    [GeneratedRegex(@"^\s*(?<count>\d{1,9})\s*(in|/)\s*(?<window>\S.*?)\s*\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex RatePattern();

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])", RegexOptions.CultureInvariant)]
    private static partial Regex KebabBoundary();
}
