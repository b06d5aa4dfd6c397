using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Supervision;

/// <summary>One process of a generation, as the next agent finds it again.</summary>
internal sealed record InstanceRecord(int Index, ProcessIdentity Process, DateTimeOffset StartedAt);
