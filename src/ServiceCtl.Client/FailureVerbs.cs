using System.Runtime.CompilerServices;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Failures;

namespace ServiceCtl.Client;

/// <summary>What has failed and what was decided about it, and the rules by which that is decided. They start no agent.</summary>
public sealed class FailureVerbs
{
    private readonly CatalogVerbs _catalog;

    internal FailureVerbs(CatalogVerbs catalog)
    {
        _catalog = catalog;
    }

    /// <summary>Those of the events that tell of a failure.</summary>
    public static async IAsyncEnumerable<PyServiceFailure> OfAsync(
        IAsyncEnumerable<ServiceEvent> events, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var happened in events.WithCancellation(cancellation))
        {
            if (happened.Failure is { } failure)
                yield return failure with { HostName = happened.HostName };
        }
    }

    /// <summary>Every rule of a service in the order in which they are asked, with its place, as its configuration on disk says.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ServiceNotFound"/>; <see cref="ErrorCode.ConfigInvalid"/>.</exception>
    public async Task<IReadOnlyList<PyServiceFailureRule>> GetRulesAsync(string name, CancellationToken cancellation) =>
        FailureTrial.List(await _catalog.ReadDefinitionAsync(await _catalog.GetOneAsync(name, cancellation), cancellation));

    /// <summary>What would be done about a failure, were it the first one. Nothing is done.</summary>
    /// <exception cref="ServiceCtlException">
    /// <see cref="ErrorCode.ServiceNotFound"/>; <see cref="ErrorCode.ConfigInvalid"/>; <see cref="ErrorCode.InvalidArgument"/>.
    /// </exception>
    public async Task<PyServiceFailureDecision> TestAsync(string name, FailureQuestion question, CancellationToken cancellation) =>
        FailureTrial.Ask(await _catalog.ReadDefinitionAsync(await _catalog.GetOneAsync(name, cancellation), cancellation), question);
}
