namespace ServiceCtl.Contracts;

/// <summary>One deploy, or a step of one.</summary>
public sealed record DeployRequest
{
    /// <summary>Absolute path of the folder that holds deploy.yaml.</summary>
    public required string Folder { get; init; }

    public required string Stage { get; init; }

    /// <summary>A branch, tag or commit; null for what deploy.yaml says.</summary>
    public string? Revision { get; init; }

    /// <summary>Only this step; null for all of them.</summary>
    public string? Step { get; init; }
}
