namespace ServiceCtl.Engine.Logs.Relog;

/// <summary>Where frames without a traceback begin, in the message of an entry.</summary>
/// <param name="Offset">In its bytes.</param>
/// <param name="Lines">Its lines before them.</param>
internal readonly record struct FrameInMessage(int Offset, long Lines);
