namespace ServiceCtl.Contracts;

/// <summary>An order to run the tests of services.</summary>
public sealed record ServiceTestRequest
{
    /// <summary>Names or patterns of services.</summary>
    public required IReadOnlyList<string> Services { get; init; }

    /// <summary>Of the tests, only those whose names match one of these patterns; all for none.</summary>
    public IReadOnlyList<string> Include { get => field ?? []; init; }

    /// <summary>Longest time for each test, in seconds; null for what tests.yaml says.</summary>
    public double? TimeoutSeconds { get; init; }

    /// <summary>Who asks for the token, where the service uses authentication and tests.yaml has no <c>auth</c>.</summary>
    public string? User { get; init; }

    /// <summary>That user's password. Never written anywhere.</summary>
    public string? Password { get; init; }
}
