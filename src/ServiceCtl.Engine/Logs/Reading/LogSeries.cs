using System.Globalization;

namespace ServiceCtl.Engine.Logs;

/// <summary>All files of one log, opened.</summary>
internal static class LogSeries
{
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
            foreach (long number in Numbers(path).Order(Comparer<long>.Create(LogSuffix.YoungestFirst)))
            {
                string name = string.Create(CultureInfo.InvariantCulture, $"{path}.{number}");
                string index = TimeIndex.PathOf(path, number);
                LogPiece? piece = LogPiece.TryOpen(name, captured, index) ?? LogPiece.TryOpen(name + LogSuffix.Compressed, captured, index);
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

    private static void Close(List<LogPiece> pieces) => pieces.ForEach(piece => piece.Dispose());

    private static HashSet<long> Numbers(string path)
    {
        HashSet<long> numbers = [.. LogSuffix.SuffixesOf(path).Select(LogSuffix.NumberOf).OfType<long>()];
        // One more than was seen: a rotation meanwhile moves the oldest there.
        if (numbers.Count > 0 && numbers.Max() is var oldest and < LogSuffix.FirstEpoch)
            numbers.Add(oldest + 1);
        return numbers;
    }
}
