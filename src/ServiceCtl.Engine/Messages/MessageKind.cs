namespace ServiceCtl.Engine.Messages;

/// <summary>What a line says, and with it its colour.</summary>
public enum MessageKind
{
    /// <summary>Neither good nor bad.</summary>
    Plain,
    Good,
    Warning,
    Error,
}
