using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>
/// Another release takes the place of the one that serves: proven first, then the link, then the connections. Before the link has moved
/// whatever fails changes nothing; from then on the new one serves, whoever dies.
/// </summary>
internal sealed class ReleaseSwitch
{
    private readonly SupervisedService _service;
    private readonly ServingGeneration _serving;
    private readonly Handover _handover;
    private readonly CanaryTrial _canary;
    private readonly RestartController _restartController;

    public ReleaseSwitch(SupervisedService service, ServingGeneration serving, Handover handover, CanaryTrial canary,
        RestartController restartController)
    {
        _service = service;
        _serving = serving;
        _handover = handover;
        _canary = canary;
        _restartController = restartController;
    }

    /// <exception cref="ServiceCtlException">What was in the way.</exception>
    public async Task<Outcome> RunAsync(Order order)
    {
        if (order.Release is not { Place: var place } release)
            throw new ServiceCtlException(ErrorCode.InvalidArgument, _service.Name, "The order does not say which release is to serve.",
                "Order it with POST /v1/releases.");
        ReleaseLink.Require(_service.Name, place);
        // Read first: with a configuration that is wrong, nothing changes.
        var definition = await release.ReadAsync(order.Cancellation);
        if (_serving.Current is not { } running)
            return await StartAsync(definition, release, order);
        if (running.Definition.Folder == definition.Folder && running.Places.FindMoved(running.Definition) is null)
            return PointBack(running, release);
        IReadOnlyList<string> shown = [];
        if (release.Canary is { } rule)
        {
            shown = await _canary.RunAsync(running, definition, release, rule, order);
            // What takes time was shown by the canary.
            order = order with { Release = release with { Checks = release.Checks with { HoldSeconds = 0, Tests = null } } };
        }

        var outcome = await _handover.ReplaceAsync(running, definition, order, Words(release), withCode: true);
        return outcome with { Warnings = [.. shown, .. outcome.Warnings] };
    }

    private static string Words(ReleaseOrder release) => $"switched to release {release.Name}";

    /// <summary>It is the release that serves.</summary>
    private Outcome PointBack(Generation running, ReleaseOrder release)
    {
        if (ReleasePlace.RealPathOf(release.Place.Link) == release.Place.Folder)
            return new Outcome(OperationOutcome.Unchanged, $"{_service.Name} runs from release {release.Name} already.", []);
        _service.Release.Publish(release.Place, running);
        var unnoted = _service.Release.Note(running.Definition with { Release = release.Place });
        return new Outcome(
            OperationOutcome.Done, $"{release.Place.Link} leads to {release.Name} again, from which {_service.Name} runs.",
            unnoted is null ? [] : [unnoted]);
    }

    /// <summary>Without its first pushed configuration nothing can be launched, and so nothing be shown.</summary>
    private Outcome Await(ServiceDefinition definition, ReleaseOrder release)
    {
        try
        {
            ReleaseLink.Point(release.Place, definition.Actor);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw ReleaseLink.Refused(_service.Name, release.Place, error);
        }

        return new Outcome(
            OperationOutcome.Done, $"{release.Place.Link} leads to release {release.Name}. {_service.Record.Problem}", []);
    }

    private async Task<Outcome> StartAsync(ServiceDefinition definition, ReleaseOrder release, Order order)
    {
        var wasDue = _restartController.IsPending || _service.Record.State is ServiceState.Restarting;
        try
        {
            _restartController.Want();
            if (release.Canary is not null)
                order.Step("Nothing is serving yet, so there is nothing to compare a canary with");
            if (_handover.AwaitsConfiguration(definition))
                return Await(definition, release);
            _handover.RequireFree(definition);
            var warnings = await _handover.LaunchAsync(definition, order, ServiceState.Starting);
            return _service.Done(ServiceEventKind.Started, _service.Describe(Words(release)), warnings);
        }
        catch when (wasDue)
        {
            // What was there before is tried on, as it would have been without the order.
            _restartController.Restore();
            throw;
        }
    }
}
