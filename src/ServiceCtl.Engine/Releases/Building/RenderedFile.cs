using ServiceCtl.Engine.Releases.Settings;

namespace ServiceCtl.Engine.Releases.Building;

/// <summary>A template with its values.</summary>
/// <param name="To">Relative to what it goes into.</param>
/// <param name="Text">Its content, secrets and all.</param>
/// <param name="Mode">Who may do what with it.</param>
/// <param name="Into">What it goes into.</param>
internal sealed record RenderedFile(string To, string Text, UnixFileMode Mode, TemplatePlace Into)
{
    /// <summary>
    /// Where it is in the release. What is to be in <c>shared</c> waits there until the release is published, and stays for a rollback.
    /// </summary>
    public string Place => Into == TemplatePlace.Shared ? Path.Combine(SharedFiles.Folder, To) : To;
}
