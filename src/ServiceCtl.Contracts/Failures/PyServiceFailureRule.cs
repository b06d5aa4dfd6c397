namespace ServiceCtl.Contracts;

/// <summary>A rule for failures, with its place.</summary>
public sealed record PyServiceFailureRule
{
    public required string Service { get; init; }

    /// <summary>In the order in which rules are tried, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>Whose rule it is: the service's, or the host's.</summary>
    public PyServiceFailureLayer Layer { get; init; }

    /// <summary>Null for a rule that has none.</summary>
    public string? Name { get; init; }

    /// <summary>Which failures it is about.</summary>
    public required string Match { get; init; }

    public required string Action { get; init; }

    public string? Code { get; init; }

    /// <summary>Who is to hear of it: <c>info</c>, <c>critical</c>, or both; null for a rule that does not say.</summary>
    public string? Notify { get; init; }

    /// <summary>How and where it is written down; null for a rule that does not say.</summary>
    public string? Record { get; init; }

    /// <summary>How it starts the service again; null for a rule that does not.</summary>
    public string? Retry { get; init; }

    /// <summary>Where it is written: <c>file:line:column</c>; null for what <c>service.restart</c> does where no rule matches.</summary>
    public string? Place { get; init; }

    /// <summary>The host it is from, as it was asked for; null for this one.</summary>
    public string? HostName { get; init; }

    public override string ToString() => $"{Service} {Name ?? $"#{Number}"}: {Match}: {Action}";
}
