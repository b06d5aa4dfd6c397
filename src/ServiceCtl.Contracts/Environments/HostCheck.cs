namespace ServiceCtl.Contracts;

/// <summary>Something that a host has to have, or should, for its services.</summary>
public sealed record HostCheck
{
    /// <summary>The host that was looked at; null for this one.</summary>
    public string? HostName { get; init; }

    /// <summary>What was looked for, as a word: python, venv, uwsgi, ….</summary>
    public required string Name { get; init; }

    public required HostCheckOutcome Outcome { get; init; }

    /// <summary>What was found, or what is wrong.</summary>
    public required string Message { get; init; }

    /// <summary>How to get it; null where it is there.</summary>
    public string? Advice { get; init; }

    public override string ToString() => HostName is null ? $"{Name}: {Message}" : $"{HostName}: {Name}: {Message}";
}
