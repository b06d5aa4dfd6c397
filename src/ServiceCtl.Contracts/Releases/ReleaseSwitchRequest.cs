namespace ServiceCtl.Contracts;

/// <summary>
/// An order to serve another release of a service: a generation is started from the release's own folder, has to prove itself there, and
/// then the link is pointed at the release and connections go to it. Whatever fails before leaves the link and what serves as they are.
/// </summary>
public sealed record ReleaseSwitchRequest
{
    /// <summary>
    /// The service's name, or the absolute path by which it is, or is to be, registered: that of the link, or of a folder below it. One
    /// that is not known yet is registered.
    /// </summary>
    public required string Service { get; init; }

    /// <summary>Absolute path of the release's folder.</summary>
    public required string Release { get; init; }

    /// <summary>Absolute path of the link that leads to the release that serves, mostly <c>current</c>. It need not be there yet.</summary>
    public required string Link { get; init; }

    /// <summary>What the new generation has to show before it serves, beside being ready; null for nothing.</summary>
    public ReleaseChecks? Checks { get; init; }

    /// <summary>
    /// The part of the new connections that it has to serve well before it takes over; null for none. Where nothing serves yet, there is
    /// none either.
    /// </summary>
    public ReleaseCanary? Canary { get; init; }

    /// <summary>
    /// Longest wait for it to become ready, and for the old one to end, in seconds; null for what its configuration says.
    /// </summary>
    public double? TimeoutSeconds { get; init; }
}
