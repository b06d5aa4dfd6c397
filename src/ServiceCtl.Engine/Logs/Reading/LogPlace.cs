namespace ServiceCtl.Engine.Logs;

/// <summary>A place in a log of several files.</summary>
/// <param name="Piece">Index of the file.</param>
/// <param name="Offset">In bytes, of the file as it was before compression.</param>
internal readonly record struct LogPlace(int Piece, long Offset) : IComparable<LogPlace>
{
    public int CompareTo(LogPlace other) => (Piece, Offset).CompareTo((other.Piece, other.Offset));
}
