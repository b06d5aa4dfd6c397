namespace ServiceCtl.Engine.Releases.Building;

/// <summary>A template with its values.</summary>
/// <param name="To">Relative to the release.</param>
/// <param name="Text">Its content, secrets and all.</param>
/// <param name="Mode">Who may do what with it.</param>
internal sealed record RenderedFile(string To, string Text, UnixFileMode Mode);
