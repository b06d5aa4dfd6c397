using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Logs.Relog;

/// <summary>The exceptions of one type from one place.</summary>
internal sealed class ExceptionGroup
{
    /// <summary>Bytes of a traceback that are kept.</summary>
    internal const int LongestTraceback = 64 * 1024;

    private const int MostFiles = 50;

    private byte[] _traceback = [];
    private int _length;
    private byte[] _exception = [];
    private int _exceptionLength;

    internal required string Key { get; init; }

    internal required string Type { get; init; }

    internal required string? Place { get; init; }

    /// <summary>What was killed, or died, instead of what was raised.</summary>
    internal bool IsIncident { get; init; }

    internal long Total { get; set; }

    /// <summary>Of them, those that came since <see cref="New"/> was set to 0.</summary>
    internal long New { get; set; }

    internal DateTime? First { get; set; }

    internal DateTime? Last { get; set; }

    internal DateTimeOffset? LastSeen => LineTime.ToOffset(Last);

    internal string? Request { get; set; }

    internal SortedSet<string> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>The newest entry, whole unless it is longer than <see cref="LongestTraceback"/>.</summary>
    internal ReadOnlySpan<byte> Traceback
    {
        get => _traceback.AsSpan(0, _length);
        set => Keep(ref _traceback, ref _length, value[..Math.Min(value.Length, LongestTraceback)]);
    }

    /// <summary>The line that ended the newest one.</summary>
    internal ReadOnlySpan<byte> Exception
    {
        get => _exception.AsSpan(0, _exceptionLength);
        set => Keep(ref _exception, ref _exceptionLength, value[..Math.Min(value.Length, ExceptionText.LongestText)]);
    }

    internal void Count(LogEntry entry, ReadOnlySpan<byte> exception)
    {
        Total++;
        New++;
        First ??= entry.Time;
        Last = entry.Time ?? Last;
        Request = entry.Request ?? Request;
        Traceback = entry.Bytes;
        Exception = exception;
        if (Files.Count < MostFiles)
            Files.Add(entry.Source);
    }

    internal RelogGroup ToContract(string? service, Func<string, string> mask) => new()
    {
        Service = service,
        Type = Type,
        Place = Place,
        IsIncident = IsIncident,
        Count = Total,
        New = New,
        FirstSeen = LineTime.ToOffset(First),
        LastSeen = LastSeen,
        Message = mask(ExceptionText.Split(Exception).Message),
        Traceback = mask(System.Text.Encoding.UTF8.GetString(Traceback).TrimEnd()),
        Request = Request is null ? null : mask(Request),
        Files = [.. Files],
    };

    private static void Keep(ref byte[] kept, ref int length, ReadOnlySpan<byte> bytes)
    {
        if (kept.Length < bytes.Length)
            kept = new byte[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)bytes.Length)];
        bytes.CopyTo(kept);
        length = bytes.Length;
    }
}
