namespace ServiceCtl.Engine.Logs.Reading;

/// <summary>Where one reading of a log is.</summary>
internal sealed class ReadingState(DateTimeOffset? since) : IDisposable
{
    /// <summary>How much later than its file's last change a line may have been written: the file may have been written to since.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(1);

    private bool _reached;

    internal byte[] Buffer { get; } = new byte[64 * 1024];

    internal LineAssembler Lines { get; } = new();

    /// <summary>The files that are open, the oldest first.</summary>
    internal List<LogSegment> Segments { get; set; } = [];

    internal LogSegment? Current { get; private set; }

    /// <summary>In <see cref="Current"/>.</summary>
    internal long Offset { get; set; }

    /// <summary>When the current file was last written to, as far as has been seen.</summary>
    internal DateTimeOffset Written { get; set; }

    /// <summary>Of the last line that had one, or of what is around the first line.</summary>
    internal DateTimeOffset? LastTime { get; set; }

    internal void Turn(LogSegment segment, long offset)
    {
        Current = segment;
        Offset = offset;
    }

    /// <summary>Other files take the place of the current one.</summary>
    internal void Replace(List<LogSegment> segments, int first)
    {
        // Nothing follows it yet: it goes on being the current one.
        if (first >= segments.Count)
        {
            segments.ForEach(segment => segment.Dispose());
            Segments = [];
            return;
        }

        Current?.Dispose();
        Current = null;
        segments.Take(first).ToList().ForEach(segment => segment.Dispose());
        Segments = segments[first..];
    }

    internal void KeepCurrentOnly()
    {
        foreach (LogSegment segment in Segments)
        {
            if (segment != Current)
                segment.Dispose();
        }

        Segments = [];
    }

    /// <summary>
    /// The time in the line itself; that of the one before when it has none, as with tracebacks. Where no line has one, it was written when
    /// the file was.
    /// </summary>
    internal DateTimeOffset? TimeOf(LogSource source, string text) =>
        source.TimeOf is null ? null : (LastTime = Read(source, text) ?? LastTime) ?? Written;

    /// <summary>
    /// The time that can be read in a line. What is later than the file tells of something else, or in another time zone.
    /// </summary>
    internal DateTimeOffset? Read(LogSource source, string text) =>
        source.TimeOf?.Invoke(text, Written) is { } time && time <= Written + Slack ? time : null;

    /// <summary>Whether a line comes before what is asked for. From the first one that does not, none does.</summary>
    internal bool IsBefore(DateTimeOffset? time)
    {
        _reached |= since is null || time is null || time >= since;
        return !_reached;
    }

    public void Dispose()
    {
        KeepCurrentOnly();
        Current?.Dispose();
    }
}
