using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>How the definition of a service is read. Both throw a <see cref="ServiceCtlException"/> where the configuration is gone or
/// wrong.</summary>
/// <param name="OfNow">What is on disk; of the release that the link leads to, where there is one.</param>
/// <param name="OfRelease">What a release says to which the link need not lead.</param>
public sealed record DefinitionReading(
    Func<CancellationToken, Task<ServiceDefinition>> OfNow, Func<ReleasePlace, CancellationToken, Task<ServiceDefinition>> OfRelease);
