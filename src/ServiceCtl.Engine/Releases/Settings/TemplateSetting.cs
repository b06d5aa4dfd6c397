namespace ServiceCtl.Engine.Releases.Settings;

/// <summary>One file that is rendered into a release.</summary>
/// <param name="Source">Relative to the folder of deploy.yaml.</param>
/// <param name="To">Relative to the release.</param>
/// <param name="Mode">Who may do what with it; null: 0644, and 0600 where it holds a secret.</param>
internal sealed record TemplateSetting(string Source, string To, UnixFileMode? Mode)
{
    /// <summary>The template itself, where it was sent from another host; null: it is in its file.</summary>
    public string? Text { get; init; }
}
