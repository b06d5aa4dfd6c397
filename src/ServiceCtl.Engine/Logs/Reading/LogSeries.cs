using System.Globalization;

namespace ServiceCtl.Engine.Logs;

/// <summary>All files of one log: <c>.EPOCH</c> as uWSGI (seconds) and we (milliseconds) name them, or <c>.1</c>, <c>.2.gz</c>, … as logrotate does.</summary>
internal static class LogSeries
{
    // Seconds since 1970 have had nine digits since 1973; nobody keeps so many files.
    internal const long FirstEpoch = 100_000_000;

    /// <summary>
    /// Opens them, the oldest first; the last one is the file that is being written, or was when this began: what a rotation made
    /// since is left for the next time.
    /// </summary>
    internal static List<LogPiece> Open(string path, bool captured)
    {
        // This one first, then the list: a file that is rotated in between is in both, never in neither.
        LogPiece? current = LogPiece.TryOpen(path, captured, TimeIndex.PathOf(path, 0));
        List<LogPiece> rotated = [];
        try
        {
            foreach (long number in Numbers(path).Order(Comparer<long>.Create(YoungestFirst)))
            {
                string name = string.Create(CultureInfo.InvariantCulture, $"{path}.{number}");
                string index = TimeIndex.PathOf(path, number);
                LogPiece? piece = LogPiece.TryOpen(name, captured, index) ?? LogPiece.TryOpen(name + RotatedFiles.CompressedSuffix, captured, index);
                if (piece is null)
                    continue;
                if (current is not null && piece.Continues(current))
                {
                    // Those that were found before it are younger.
                    Close([.. rotated, piece]);
                    rotated = [];
                }
                else if (rotated.Count > 0 && rotated[^1].Identity == piece.Identity)
                {
                    // Numbered as logrotate does, and moved on meanwhile.
                    piece.Dispose();
                }
                else
                {
                    rotated.Add(piece);
                }
            }
        }
        catch
        {
            current?.Dispose();
            Close(rotated);
            throw;
        }

        rotated.Reverse();
        return current is null ? rotated : [.. rotated, current];
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

    private static void Close(List<LogPiece> pieces) => pieces.ForEach(piece => piece.Dispose());

    private static HashSet<long> Numbers(string path)
    {
        HashSet<long> numbers = [.. SuffixesOf(path).Select(NumberOf).OfType<long>()];
        // One more than was seen: a rotation meanwhile moves the oldest there.
        if (numbers.Count > 0 && numbers.Max() is var oldest and < FirstEpoch)
            numbers.Add(oldest + 1);
        return numbers;
    }
}
