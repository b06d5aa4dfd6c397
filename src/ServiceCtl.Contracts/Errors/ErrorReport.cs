namespace ServiceCtl.Contracts;

/// <summary>An error as data: what crosses the agent's socket and what <c>--json</c> prints.</summary>
public sealed record ErrorReport
{
    public required ErrorCode Code { get; init; }

    /// <summary>What it is about: a service's name, a file, an address.</summary>
    public string? Target { get; init; }

    public required string Message { get; init; }

    /// <summary>What to do about it.</summary>
    public string? Advice { get; init; }

    /// <summary>The faults of a configuration, each with its place.</summary>
    public IReadOnlyList<ConfigurationProblem> Problems { get => field ?? []; init; }

    /// <summary>The last lines of the log that belong to the failure: a traceback, a server's own message.</summary>
    public IReadOnlyList<string> LogLines { get => field ?? []; init; }

    /// <summary>The host that it comes from, as it was asked for; null for this one.</summary>
    public string? HostName { get; init; }

    /// <summary>The faults that are listed below the message: none where it says the only one already.</summary>
    public IEnumerable<ConfigurationProblem> ListProblems() =>
        Problems.Count == 1 && Message.Contains(Problems[0].Message, StringComparison.Ordinal) ? [] : Problems;
}
