using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Engine.Services.Rules;

/// <summary>Which logs relog sorts, and what becomes of them.</summary>
public sealed record RelogRule
{
    /// <summary>A regular expression that finds them in the log folder (<c>RELOG_FILES</c>); null for the log that there is.</summary>
    public string? Files { get; init; }

    /// <summary>Sorted logs that were last written longer ago are deleted (<c>DELETE_LOGS_DAYS</c>); null: none.</summary>
    public TimeSpan? DeleteAfter { get; init; }

    /// <summary>Empty the results first (<c>DELETE_RELOG_FILES</c>).</summary>
    public bool EmptyFirst { get; init; } = RelogKeys.DeleteRelogFiles.Usual;
}
