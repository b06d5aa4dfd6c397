namespace ServiceCtl.Engine.Logs.Reading;

/// <summary>A place in a log of several files.</summary>
/// <param name="Segment">Index of the file.</param>
/// <param name="Offset">In bytes, of the file as it was before compression.</param>
internal readonly record struct LogPosition(int Segment, long Offset) : IComparable<LogPosition>
{
    public int CompareTo(LogPosition other) => (Segment, Offset).CompareTo((other.Segment, other.Offset));
}
