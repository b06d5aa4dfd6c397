using System.Globalization;

namespace ServiceCtl.Engine.Logs.Files;

/// <summary>
/// How the rotated files of a log are called: <c>.EPOCH</c> as uWSGI (seconds) and we (milliseconds) name them, or <c>.1</c>, <c>.2.gz</c>,
/// … as logrotate does.
/// </summary>
internal static class LogSuffix
{
    internal const string Compressed = ".gz";

    // Seconds since 1970 have had nine digits since 1973; nobody keeps so many files.
    internal const long FirstEpoch = 100_000_000;

    internal static int YoungestFirst(long one, long other) =>
        one >= FirstEpoch && other >= FirstEpoch ? other.CompareTo(one) : one.CompareTo(other);

    /// <summary>What follows the log's name in the names of the files beside it, from the dot on.</summary>
    internal static IEnumerable<string> SuffixesOf(string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        string begin = path + ".";
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder).Where(name => name.StartsWith(begin, StringComparison.Ordinal))
                .Select(name => name[path.Length..])
            : [];
    }

    /// <returns>Null when a file with such a suffix is none of the series.</returns>
    internal static long? NumberOf(string suffix)
    {
        ReadOnlySpan<char> digits = suffix.AsSpan(1);
        if (digits.EndsWith(Compressed))
            digits = digits[..^Compressed.Length];
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number > 0 ? number : null;
    }
}
