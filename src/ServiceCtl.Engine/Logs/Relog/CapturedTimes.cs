using ServiceCtl.Engine.Logs.Files;
using ServiceCtl.Engine.Logs.Reading;

namespace ServiceCtl.Engine.Logs.Relog;

/// <summary>When the bytes of a captured log came.</summary>
internal sealed class CapturedTimes : IDisposable
{
    private readonly TimeLookup? _times;
    private TimeMark _mark;

    private CapturedTimes(TimeLookup? times, DateTimeOffset created)
    {
        _times = times;
        _mark = new TimeMark(0, created, 0);
    }

    internal static CapturedTimes Open(string log, SourceFile file)
    {
        long number = file.Path.Length > log.Length ? LogSuffix.NumberOf(file.Path[log.Length..]) ?? 0 : 0;
        // The compressed file was made later than the log that is in it.
        return new CapturedTimes(TimeLookup.TryOpen(TimeIndex.PathOf(log, number)), file.IsCompressed ? file.Written : file.Created);
    }

    /// <param name="offset">Ascends from call to call.</param>
    internal DateTime? At(long offset)
    {
        _mark = _times?.Advance(_mark, offset) ?? _mark;
        return DateTime.SpecifyKind(_mark.Time.LocalDateTime, DateTimeKind.Unspecified);
    }

    public void Dispose() => _times?.Dispose();
}
