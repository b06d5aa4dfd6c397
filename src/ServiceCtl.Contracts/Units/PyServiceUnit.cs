namespace ServiceCtl.Contracts;

/// <summary>A file by which the operating system starts, watches and stops something.</summary>
public sealed record PyServiceUnit
{
    /// <summary>What the operating system calls it: <c>systemctl start NAME</c>, <c>service NAME start</c>.</summary>
    public required string Name { get; init; }

    public required ServiceUnitType Type { get; init; }

    public required string FileName { get; init; }

    /// <summary>Where it was written to; null for one that was only made.</summary>
    public string? Path { get; init; }

    public required string Content { get; init; }

    /// <summary>The host it is from, as it was asked for; null for this one.</summary>
    public string? HostName { get; init; }

    public override string ToString() => Path ?? FileName;
}
