using System.Text.Json.Serialization;

namespace ServiceCtl.Engine.Releases.Settings;

/// <summary>One file that is rendered into a release.</summary>
/// <param name="Source">Relative to the folder of deploy.yaml.</param>
/// <param name="To">Relative to the release, or to <c>shared</c>.</param>
/// <param name="Mode">Who may do what with it; null: 0644, and 0600 where it holds a secret.</param>
/// <param name="Into">What <paramref name="To"/> is relative to.</param>
/// <param name="Link">Absolute path of a link that leads to it, outside of what is deployed; null for none.</param>
internal sealed record TemplateSetting(string Source, string To, UnixFileMode? Mode, TemplatePlace Into, string? Link)
{
    /// <summary>Which hosts get it; none: all.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>The template itself, where it was sent from another host; null: it is in its file.</summary>
    public string? Text { get; init; }
}
