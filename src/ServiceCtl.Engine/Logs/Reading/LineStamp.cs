namespace ServiceCtl.Engine.Logs.Reading;

/// <summary>What is known of a line besides its text.</summary>
internal readonly record struct LineStamp(DateTimeOffset? Time, int? Generation, string? File);
