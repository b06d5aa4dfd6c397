namespace ServiceCtl.Contracts;

/// <summary>One order to one or more services.</summary>
public sealed record OperationRequest
{
    public required ServiceAction Action { get; init; }

    /// <summary>
    /// Names, or patterns with <c>*</c> and <c>?</c>. A name that is not known fails; a pattern that matches nothing is no error.
    /// </summary>
    public required IReadOnlyList<string> Services { get; init; }

    /// <summary>Longest wait for a service to become ready or to stop, in seconds; null for what its configuration says.</summary>
    public double? TimeoutSeconds { get; init; }

    /// <summary>
    /// Register in Consul, or take out of it; null for what the configuration says. Of no effect on a hot restart, which touches no
    /// registration.
    /// </summary>
    public bool? Consul { get; init; }

    /// <summary>Answer when the order has been taken, not when it has been carried out.</summary>
    public bool NoWait { get; init; }
}
