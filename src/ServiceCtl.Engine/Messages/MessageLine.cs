namespace ServiceCtl.Engine.Messages;

/// <summary>A line about an operation, for a screen or a file.</summary>
public sealed record MessageLine(MessageKind Kind, string Text);
