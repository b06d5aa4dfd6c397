namespace ServiceCtl.Engine.Projects;

/// <summary>A file as a template has it for a project.</summary>
/// <param name="Path">Below the project's folder.</param>
/// <param name="Text">All of it.</param>
internal sealed record ProjectFile(string Path, string Text)
{
    /// <summary>A script says so by its first line.</summary>
    public bool IsExecutable => Text.StartsWith("#!", StringComparison.Ordinal);
}
