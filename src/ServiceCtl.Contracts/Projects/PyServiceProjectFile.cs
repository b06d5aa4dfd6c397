namespace ServiceCtl.Contracts;

/// <summary>One file of a project, and what becomes of it.</summary>
public sealed record PyServiceProjectFile
{
    /// <summary>Below the project's folder, with <c>/</c> between its parts.</summary>
    public required string Path { get; init; }

    public required ProjectFileChange Change { get; init; }

    /// <summary>Why it is kept; null otherwise.</summary>
    public string? Reason { get; init; }

    /// <summary>The lines that change, as <c>git diff</c> shows them; null where it was not asked for, and where nothing changes.</summary>
    public string? Difference { get; init; }

    public override string ToString() => Reason is null ? $"{Path}: {Change}" : $"{Path}: {Change}: {Reason}";
}
