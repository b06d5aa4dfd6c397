namespace ServiceCtl.Contracts;

/// <summary>What <c>/internal/health</c> answers for a service.</summary>
public sealed record PyServiceHealth
{
    /// <summary><c>pass</c> or <c>fail</c>.</summary>
    public required string Status { get; init; }

    public required string Service { get; init; }

    public required ServiceState State { get; init; }

    /// <summary>Modules that it needs, and that are nowhere.</summary>
    public IReadOnlyList<string> MissingModules { get => field ?? []; init; }
}
