using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Engine.Services.Rules;

/// <summary>What becomes of the messages about a service.</summary>
public sealed record MessageRule
{
    /// <summary>The file that keeps what operations said; null for none.</summary>
    public string? File { get; init; }

    public bool ColorOnScreen { get; init; } = MessageKeys.ColorLogsScreen.Usual;

    public bool ColorInFile { get; init; } = MessageKeys.ColorLogsFiles.Usual;
}
