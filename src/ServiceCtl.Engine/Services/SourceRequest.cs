using ServiceCtl.Engine.Configuration;

namespace ServiceCtl.Engine.Services;

/// <summary>What is to be read for a service beside, or instead of, what its folder says.</summary>
public sealed record SourceRequest
{
    public static SourceRequest Usual { get; } = new();

    /// <summary>Where files are searched, lowest first, instead of where the folder says; null: there.</summary>
    public IReadOnlyList<SearchPlace>? Places { get; init; }

    /// <summary>The kinds of sources, lowest first; null for the order that the folder says.</summary>
    public IReadOnlyList<SourceKind>? Order { get; init; }

    /// <summary>Whether a folder needs no file that makes it a service's: it is said where the configuration is.</summary>
    internal bool NeedsNoFile => Places is not null || Order?.Contains(SourceKind.Files) == false;

    /// <summary>Dotted paths with the texts of their values, over all other sources.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Settings { get; init; } = [];

    /// <summary>The environment, where it is the service's own; null where it is somebody's session.</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }
}
