namespace ServiceCtl.Engine.Logs.Relog;

/// <summary>What the beginning of a line says.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Pid">The process that wrote it, where it says so; 0 where it does not.</param>
/// <param name="Skip">Bytes before its text: a pid that every line carries, colours.</param>
/// <param name="HasOwnPid">Whether the pid is before the text of any line, so that lines of several processes can be told apart by
/// it.</param>
internal readonly record struct LineHead(LineKind Kind, int Pid = 0, int Skip = 0, bool HasOwnPid = false)
{
    internal bool IsDropped => Kind <= LineKind.Rotation;
}
