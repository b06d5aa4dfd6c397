namespace ServiceCtl.Contracts;

/// <summary>A service that was made from somebody else's description of it.</summary>
public sealed record PyServiceImport
{
    public required string Name { get; init; }

    /// <summary>What it was made from, and the line there.</summary>
    public required string Source { get; init; }

    /// <summary>The service's folder.</summary>
    public required string Path { get; init; }

    public required string ConfigPath { get; init; }

    /// <summary>What the configuration holds.</summary>
    public required string Content { get; init; }

    /// <summary>Was it written? Not by -WhatIf and --dry-run.</summary>
    public bool IsWritten { get; init; }

    /// <summary>What was not carried over.</summary>
    public IReadOnlyList<ConfigurationProblem> Warnings { get => field ?? []; init; }

    public override string ToString() => Name;
}
