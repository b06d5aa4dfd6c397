namespace ServiceCtl.Engine.Projects;

/// <summary>What is at the place of a project's file.</summary>
/// <param name="Text">Its text; null for nothing, and for what has none.</param>
/// <param name="Problem">Why it can't be worked on; null where it can.</param>
internal readonly record struct FoundFile(string? Text, string? Problem)
{
    public static FoundFile Missing => new(null, null);

    public static FoundFile Of(string text) => new(text, null);

    public static FoundFile Other(string problem) => new(null, problem);
}
