using System.Globalization;
using ServiceCtl.Engine.Logs.Files;

namespace ServiceCtl.Engine.Logs.Reading;

/// <summary>All files of one log, opened.</summary>
internal static class LogSeries
{
    /// <summary>
    /// Opens them, the oldest first; the last one is the file that is being written, or was when this began: what a rotation made
    /// since is left for the next time.
    /// </summary>
    internal static List<LogSegment> Open(string path, bool captured)
    {
        // This one first, then the list: a file that is rotated in between is in both, never in neither.
        LogSegment? current = LogSegment.TryOpen(path, captured, TimeIndex.PathOf(path, 0));
        List<LogSegment> rotated = [];
        try
        {
            foreach (long number in Numbers(path).Order(Comparer<long>.Create(LogSuffix.YoungestFirst)))
            {
                string name = string.Create(CultureInfo.InvariantCulture, $"{path}.{number}");
                string index = TimeIndex.PathOf(path, number);
                LogSegment? segment = LogSegment.TryOpen(name, captured, index)
                    ?? LogSegment.TryOpen(name + LogSuffix.Compressed, captured, index);
                if (segment is null)
                    continue;
                if (current is not null && segment.Continues(current))
                {
                    // Those that were found before it are younger.
                    Close([.. rotated, segment]);
                    rotated = [];
                }
                else if (rotated.Count > 0 && rotated[^1].Identity == segment.Identity)
                {
                    // Numbered as logrotate does, and moved on meanwhile.
                    segment.Dispose();
                }
                else
                {
                    rotated.Add(segment);
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

    private static void Close(List<LogSegment> segments) => segments.ForEach(segment => segment.Dispose());

    private static HashSet<long> Numbers(string path)
    {
        HashSet<long> numbers = [.. LogSuffix.SuffixesOf(path).Select(LogSuffix.NumberOf).OfType<long>()];
        // One more than was seen: a rotation meanwhile moves the oldest there.
        if (numbers.Count > 0 && numbers.Max() is var oldest and < LogSuffix.FirstEpoch)
            numbers.Add(oldest + 1);
        return numbers;
    }
}
