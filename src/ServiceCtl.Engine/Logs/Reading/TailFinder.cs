namespace ServiceCtl.Engine.Logs.Reading;

/// <summary>Finds where the last lines of a log begin.</summary>
internal static class TailFinder
{
    /// <summary>The place after which there are <paramref name="lines"/> lines, or the beginning when there are not so many.</summary>
    /// <param name="segments">The files, the oldest first.</param>
    /// <param name="lines">The last one counts although its end is missing.</param>
    /// <param name="buffer">To read with.</param>
    /// <param name="cancellation">Ends the search.</param>
    internal static async Task<LogPosition> FindAsync(
        IReadOnlyList<LogSegment> segments, int lines, byte[] buffer, CancellationToken cancellation)
    {
        if (segments.Count == 0)
            return default;
        if (lines == 0)
            return new LogPosition(segments.Count - 1, segments[^1].Length);

        // Line ends to be passed, after the one that ends the log.
        long wanted = lines;
        bool atEnd = true;
        for (int i = segments.Count - 1; i >= 0; i--)
        {
            Search search = new(wanted, atEnd);
            search = segments[i].IsCompressed
                ? await SearchForwardAsync(segments[i], search, buffer, cancellation)
                : await SearchBackwardAsync(segments[i], search, buffer, cancellation);
            if (search.Found is { } offset)
                return new LogPosition(i, offset);
            wanted = search.Wanted;
            atEnd = search.AtEnd;
        }

        return default;
    }

    private static async Task<Search> SearchBackwardAsync(LogSegment segment, Search search, byte[] buffer, CancellationToken cancellation)
    {
        long end = segment.Length;
        while (end > 0)
        {
            long begin = Math.Max(end - buffer.Length, 0);
            int count = await ReadWholeAsync(segment, buffer.AsMemory(0, (int)(end - begin)), begin, cancellation);
            int at = count;
            if (search.AtEnd && at > 0)
            {
                search = search with { AtEnd = false };
                at -= buffer[at - 1] == (byte)'\n' ? 1 : 0;
            }

            while ((at = buffer.AsSpan(0, at).LastIndexOf((byte)'\n')) >= 0)
            {
                search = search with { Wanted = search.Wanted - 1 };
                if (search.Wanted == 0)
                    return search with { Found = begin + at + 1 };
            }

            end = begin;
        }

        return search;
    }

    // Deflate can't be read backwards: once to count, once to find.
    private static async Task<Search> SearchForwardAsync(LogSegment segment, Search search, byte[] buffer, CancellationToken cancellation)
    {
        long ends = 0;
        long length = 0;
        byte last = 0;
        while (await segment.ReadAsync(buffer, length, cancellation) is var count and > 0)
        {
            ends += buffer.AsSpan(0, count).Count((byte)'\n');
            last = buffer[count - 1];
            length += count;
        }

        if (length == 0)
            return search;
        ends -= search.AtEnd && last == (byte)'\n' ? 1 : 0;
        if (ends < search.Wanted)
            return new Search(search.Wanted - ends, AtEnd: false);

        long skip = ends - search.Wanted + 1;
        for (long offset = 0; await segment.ReadAsync(buffer, offset, cancellation) is var count and > 0; offset += count)
        {
            int at = -1;
            while (buffer.AsSpan(at + 1, count - at - 1).IndexOf((byte)'\n') is var next and >= 0)
            {
                at += next + 1;
                if (--skip == 0)
                    return search with { Found = offset + at + 1 };
            }
        }

        return search;
    }

    private static async Task<int> ReadWholeAsync(LogSegment segment, Memory<byte> buffer, long offset, CancellationToken cancellation)
    {
        int total = 0;
        while (total < buffer.Length && await segment.ReadAsync(buffer[total..], offset + total, cancellation) is var count and > 0)
            total += count;
        return total;
    }

    /// <param name="Wanted">Line ends still to be passed.</param>
    /// <param name="AtEnd">Whether nothing of the log has been seen yet.</param>
    /// <param name="Found">The offset of the first wanted line.</param>
    private readonly record struct Search(long Wanted, bool AtEnd, long? Found = null);
}
