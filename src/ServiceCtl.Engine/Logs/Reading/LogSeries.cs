using System.Globalization;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Logs;

/// <summary>All files of one log: <c>.EPOCH</c> as uWSGI (seconds) and we (milliseconds) name them, or <c>.1</c>, <c>.2.gz</c>, … as logrotate does.</summary>
internal static class LogSeries
{
    // Seconds since 1970 have had nine digits since 1973; nobody keeps so many files.
    internal const long FirstEpoch = 100_000_000;

    /// <summary>Opens them, the oldest first; the file that is being written, if it is there, is the last one.</summary>
    internal static List<LogPiece> Open(string path, bool captured)
    {
        // From the youngest on: a rotation meanwhile shows a file twice, under two numbers, but hides none.
        List<LogPiece> pieces = [];
        HashSet<FileIdentity> seen = [];
        try
        {
            foreach (long number in Numbers(path).Order(Comparer<long>.Create(YoungestFirst)).Prepend(0))
            {
                string name = number == 0 ? path : string.Create(CultureInfo.InvariantCulture, $"{path}.{number}");
                string index = TimeIndex.PathOf(path, number);
                LogPiece? piece = LogPiece.TryOpen(name, captured, index)
                    ?? (number == 0 ? null : LogPiece.TryOpen(name + RotatedFiles.CompressedSuffix, captured, index));
                if (piece is not null && seen.Add(piece.Identity))
                    pieces.Add(piece);
                else
                    piece?.Dispose();
            }
        }
        catch
        {
            pieces.ForEach(piece => piece.Dispose());
            throw;
        }

        pieces.Reverse();
        return pieces;
    }

    internal static int YoungestFirst(long one, long other) =>
        one >= FirstEpoch && other >= FirstEpoch ? other.CompareTo(one) : one.CompareTo(other);

    /// <summary>What follows the log's name in the names of the files beside it, from the dot on.</summary>
    internal static IEnumerable<string> SuffixesOf(string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        string begin = path + ".";
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder).Where(name => name.StartsWith(begin, StringComparison.Ordinal)).Select(name => name[path.Length..])
            : [];
    }

    /// <returns>Null when a file with such a suffix is none of the series.</returns>
    internal static long? NumberOf(string suffix)
    {
        ReadOnlySpan<char> digits = suffix.AsSpan(1);
        if (digits.EndsWith(RotatedFiles.CompressedSuffix))
            digits = digits[..^RotatedFiles.CompressedSuffix.Length];
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number > 0 ? number : null;
    }

    private static HashSet<long> Numbers(string path)
    {
        HashSet<long> numbers = [.. SuffixesOf(path).Select(NumberOf).OfType<long>()];
        // One more than was seen: a rotation meanwhile moves the oldest there.
        if (numbers.Count > 0 && numbers.Max() is var oldest and < FirstEpoch)
            numbers.Add(oldest + 1);
        return numbers;
    }
}
