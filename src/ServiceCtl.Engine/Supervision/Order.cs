using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Supervision;

/// <summary>What somebody wants of a service, with the limits he sets.</summary>
/// <param name="Action">The verb.</param>
/// <param name="Limit">Longest wait for readiness or draining; null for the definition's.</param>
/// <param name="Step">Gets the steps as they are taken.</param>
/// <param name="Cancellation">Withdraws the order, as far as it has not been carried out.</param>
internal sealed record Order(ServiceAction Action, TimeSpan? Limit, Action<string> Step, CancellationToken Cancellation)
{
    /// <summary>
    /// Is it to be passed over when the service is not to run by the time of its turn? A stop that came in between counts.
    /// </summary>
    public bool OnlyIfWanted { get; init; }

    /// <summary>Did somebody give it? What the agent does by itself after a crash brings back what was there.</summary>
    public bool IsOrdered { get; init; } = true;

    /// <summary>
    /// Has a rule for failures given it? It takes the configuration that runs, does nothing to what does not serve, and forgets no counts.
    /// </summary>
    public bool IsByRule { get; init; }

    /// <summary>Is it to be passed over when what serves by then runs from this folder? Null: it is not.</summary>
    public string? UnlessServedFrom { get; init; }

    /// <summary>The number of the one generation that it is about; passed over when another one serves. Null: whichever does.</summary>
    public int? Generation { get; init; }

    /// <summary>The release to be switched to; null for all other orders.</summary>
    public ReleaseOrder? Release { get; init; }

    /// <summary>Did it withdraw a start that was under way, or had been ordered?</summary>
    public bool WithdrewStart { get; init; }
}
