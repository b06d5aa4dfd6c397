using ServiceCtl.Contracts;
using ServiceCtl.Engine.Health;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>What an order to switch to a release asks for.</summary>
/// <param name="Place">The release, and the link that is to lead to it.</param>
/// <param name="ReadAsync">Reads its definition.</param>
/// <param name="Checks">What it has to show.</param>
/// <param name="Canary">The part of the connections that it has to serve well before; null for none.</param>
/// <param name="TestAsync">Runs the tests that the checks ask for; throws where a critical one fails, and returns warnings.</param>
/// <param name="KnownExceptionsAsync">The exceptions that the service's logs have had so far, by type and place.</param>
public sealed record ReleaseOrder(
    ReleasePlace Place, Func<CancellationToken, Task<ServiceDefinition>> ReadAsync, ReleaseChecks Checks,
    ReleaseCanary? Canary,
    Func<ServiceDefinition, ProbeSite?, CancellationToken, Task<IReadOnlyList<string>>> TestAsync,
    Func<CancellationToken, Task<IReadOnlyList<(string Type, string? Place)>>> KnownExceptionsAsync)
{
    /// <summary>Its name in words.</summary>
    public string Name => Path.GetFileName(Place.Folder);
}
