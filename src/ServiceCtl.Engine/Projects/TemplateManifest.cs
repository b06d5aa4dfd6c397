using System.Text.Json;

namespace ServiceCtl.Engine.Projects;

/// <summary>The <c>template.json</c> of a kind; templates/README.md says what each key means.</summary>
internal sealed record TemplateManifest
{
    /// <summary>The folder that it is in.</summary>
    public required string Id { get; init; }

    public required string Version { get; init; }

    public required string Description { get; init; }

    /// <summary>The port in its texts, which another one may take the place of; null where it listens on none.</summary>
    public int? Port { get; init; }

    /// <summary>Folders whose overlays come before its own.</summary>
    public IReadOnlyList<string> Shares { get => field ?? []; init; }

    /// <summary>For each layout: which folder of the overlays goes where; a place, or a list of them.</summary>
    public required IReadOnlyDictionary<string, Dictionary<string, JsonElement>> Layouts { get; init; }

    public required IReadOnlyList<string> Databases { get; init; }

    public IReadOnlyList<TemplatePart> Parts { get => field ?? []; init; }

    /// <summary>Parts that come with a layout or a database without being asked for.</summary>
    public IReadOnlyDictionary<string, List<string>> Brings { get => field ?? new Dictionary<string, List<string>>(); init; }
}

/// <summary>Something that a project may have or not.</summary>
internal sealed record TemplatePart
{
    public required string Name { get; init; }

    public required string Description { get; init; }

    /// <summary>The layouts that can have it; empty for all.</summary>
    public IReadOnlyList<string> Layouts { get => field ?? []; init; }

    /// <summary>The databases that it works with; empty for all.</summary>
    public IReadOnlyList<string> Databases { get => field ?? []; init; }
}
