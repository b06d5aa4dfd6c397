using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Foreground;

/// <summary>What a schedule orders of a service in the foreground.</summary>
/// <param name="Action">A restart or a stop.</param>
/// <param name="Limit">How long its end, and its start, may take; null: as long as its definition says.</param>
internal sealed record ForegroundOrder(ServiceAction Action, TimeSpan? Limit);
