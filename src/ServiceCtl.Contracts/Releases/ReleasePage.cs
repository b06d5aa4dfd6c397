namespace ServiceCtl.Contracts;

/// <summary>A page of a release that has to answer.</summary>
public sealed record ReleasePage
{
    /// <summary>A path of the service, or a URL.</summary>
    public required string Path { get; init; }

    /// <summary>The status that is good; null for any below 400.</summary>
    public int? Status { get; init; }
}
