using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Daemons;

/// <summary>Something that a daemon said.</summary>
internal sealed record DaemonLogRecord(DateTimeOffset At, string Name, DaemonLogLevel Level, string Message);
