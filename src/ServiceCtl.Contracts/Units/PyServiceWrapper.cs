namespace ServiceCtl.Contracts;

/// <summary>A wrapper file: a small shell file that stands for <c>servicectl</c> in a service's folder.</summary>
public sealed record PyServiceWrapper
{
    public required string Service { get; init; }

    /// <summary>The wrapper file.</summary>
    public required string Path { get; init; }

    /// <summary>The <c>servicectl</c> that it calls first.</summary>
    public required string Program { get; init; }

    /// <summary>The host it is from, as it was asked for; null for this one.</summary>
    public string? HostName { get; init; }

    public override string ToString() => Path;
}
