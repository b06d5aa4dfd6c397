using ServiceCtl.Contracts;
using ServiceCtl.Engine.Runners;
using ServiceCtl.Engine.Runners.Registry;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>
/// How one generation follows another: the first one into the void, later ones beside the one that serves, or after it where the address
/// can't be shared.
/// </summary>
internal sealed class Handover
{
    private readonly SupervisedService _service;
    private readonly ServingGeneration _serving;
    private readonly ServiceAddress _address;
    private volatile Generation? _launching;

    public Handover(SupervisedService service, ServingGeneration serving, ServiceAddress address)
    {
        _service = service;
        _serving = serving;
        _address = address;
    }

    /// <summary>The one that is to become ready; null while none is.</summary>
    public Generation? Launching => _launching;

    private SupervisionContext Context => _service.Context;

    /// <summary>The definition on disk.</summary>
    /// <exception cref="ServiceCtlException">It is gone or wrong; whatever runs goes on.</exception>
    public Task<ServiceDefinition> ReadAsync(CancellationToken cancellation) => _service.ReadDefinitionAsync(cancellation);

    /// <summary>Does the service wait for its first pushed configuration? Then it is shown as Idle.</summary>
    public bool AwaitsConfiguration(ServiceDefinition definition)
    {
        if (definition.Remote is not { } remote || File.Exists(remote.File))
            return false;
        _service.Change(record => record with
        {
            State = ServiceState.Idle,
            Problem = $"{record.Name} waits for its first configuration, to be pushed in one of the ways of service.remote.",
        });
        return true;
    }

    /// <summary>
    /// Sees, before a first generation is launched, that the service does not run without the agent, and that its address is nobody else's.
    /// </summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.RunsOutsideAgent"/>, <see cref="ErrorCode.AddressInUse"/>.</exception>
    public void RequireFree(ServiceDefinition definition)
    {
        var plan = RunnerRegistry.PlanSocket(definition);
        OutsideInstance.RequireNone(definition, _address.IsHeld ? [] : plan.Addresses);
        foreach (var served in plan.IsHeld ? [] : plan.Addresses)
        {
            if (AddressHolder.Find(served.Address) is { } holder)
                throw HeldAddress.Taken(definition, served.Address, holder.ToString());
        }
    }

    /// <summary>Launches a generation beside whatever serves, and lets it serve when it is ready.</summary>
    /// <returns>Warnings.</returns>
    public async Task<IReadOnlyList<string>> LaunchAsync(ServiceDefinition definition, Order order, ServiceState through)
    {
        var isFirst = _serving.Current is null;
        // Before folders are made that hide what was not there.
        var missing = ConfiguredPlaces.Missing(definition);
        LaunchPreflight.RequireUserAndFolders(definition);
        using var claim = _address.Claim(definition, isFree: isFirst);
        var number = _service.Record.Generation + 1;
        _service.Change(record => record with { State = through, Generation = number, HasFinished = false, Problem = null });
        if (isFirst)
            _address.OpenFallback(definition);

        order.Step("Waiting until it is ready");
        Generation generation;
        IReadOnlyList<string> shown;
        try
        {
            generation = await Context.Starter.StartAsync(
                definition, number, claim.Plan.Addresses, claim.Sockets, order.Limit ?? definition.Ready.Timeout, ShowLaunch,
                order.Cancellation, order.IsOrdered);
            shown = order.Release is { } release ? await ProveAsync(release, generation, order) : [];
            await _serving.Cleanup;
        }
        finally
        {
            _launching = null;
        }

        claim.Keep();
        var warnings = _serving.Take(generation).Concat(generation.Instances.SelectMany(instance => instance.Warnings)).ToArray();
        await _address.RouteToAsync(generation);
        return [.. missing, .. shown, .. warnings, .. await _service.AnnounceAsync(ServingEvent.Ready, generation)];
    }

    /// <summary>
    /// A release has to show what it can before it serves; then the link leads to it. One that does not leaves nothing behind.
    /// </summary>
    /// <returns>Warnings.</returns>
    private async Task<IReadOnlyList<string>> ProveAsync(ReleaseOrder release, Generation generation, Order order)
    {
        try
        {
            var warnings = await new ReleaseProof(release, generation, _service.Time).RunAsync(_serving.Current, order.Step,
                order.Cancellation);
            order.Step($"Pointing {release.Place.Link} at {release.Name}");
            _service.Release.Publish(release.Place, generation);
            return warnings;
        }
        catch
        {
            await Context.Ender.DiscardAsync(generation, CancellationToken.None);
            throw;
        }
    }

    /// <summary>Full restart: a new process with a new environment and configuration.</summary>
    /// <param name="old">What serves.</param>
    /// <param name="definition">What is to serve.</param>
    /// <param name="order">Who wants it, and how long it may take.</param>
    /// <param name="restarted">What is said of the service afterwards.</param>
    /// <param name="withCode">Whether new code has to prove itself before the old generation hears of it, where it can be told
    /// beforehand.</param>
    public Task<Outcome> ReplaceAsync(
        Generation old, ServiceDefinition definition, Order order, string restarted = "restarted", bool withCode = false) =>
        old.Sockets.Count > 0 && RunnerRegistry.PlanSocket(definition).IsHeld
            ? OverlapAsync(old, definition, order, restarted)
            : FollowAsync(old, definition, order, restarted, withCode);

    /// <summary>The new generation has to prove itself ready before the old one hears of it.</summary>
    private async Task<Outcome> OverlapAsync(Generation old, ServiceDefinition definition, Order order, string restarted)
    {
        var warnings = new List<string>(await LaunchAsync(definition, order, ServiceState.Restarting));
        order.Step("Letting the old generation finish its requests");
        warnings.AddRange(
            await Context.Ender.EndAsync(old, isRelieved: true, order.Limit ?? old.Definition.Stop.Timeout, CancellationToken.None));
        _address.Release(old.Sockets);
        return _service.Done(ServiceEventKind.Restarted, _service.Describe(restarted), warnings);
    }

    private async Task<Outcome> FollowAsync(Generation old, ServiceDefinition definition, Order order, string restarted, bool withCode)
    {
        order.Step("Checking that it can be launched");
        await Context.Preflight.RunAsync(definition, _service.Record.Generation + 1, old.Addresses, withCode, order.Cancellation);
        order.Step("Letting the requests finish");
        _service.Change(record => record with { State = ServiceState.Restarting });
        var warnings = new List<string>(await _service.AnnounceAsync(ServingEvent.Leaving, old));
        warnings.AddRange(await _serving.EndAsync(old, order));
        await _address.CloseAsync(old.Addresses);
        warnings.AddRange(PathCleaner.Clear(old.Definition));
        // The service is down by now: whoever ordered this may go, it has to come up again.
        warnings.AddRange(await LaunchOrGoBackAsync(old.Definition, definition, order with { Cancellation = CancellationToken.None }));
        return _service.Done(ServiceEventKind.Restarted,
            _service.Describe(
                $"{restarted}, one generation after the other {ReasonForSequence(old, RunnerRegistry.PlanSocket(definition))}"), warnings);
    }

    private static string ReasonForSequence(Generation old, SocketPlan plan) => (plan, old) switch
    {
        ({ Addresses.Count: 0 }, _) => "as it has no address that two could share",
        ({ IsHeld: false }, _) => plan.WhyOwn ?? "because it binds its address itself",
        (_, { HasSockets: true }) => "because its sockets could not be recovered",
        _ => "because the one before had bound its address itself",
    };

    /// <summary>A definition that does not come up is no reason to stay down: the one that ran before is launched again.</summary>
    /// <exception cref="ServiceCtlException">The new one did not come up; what has become of the former one is said in it.</exception>
    private async Task<IReadOnlyList<string>> LaunchOrGoBackAsync(ServiceDefinition former, ServiceDefinition definition, Order order)
    {
        try
        {
            return await LaunchAsync(definition, order, ServiceState.Restarting);
        }
        catch (ServiceCtlException failure) when (ConfigurationDrift.OutlivesHotRestart(former, definition))
        {
            order.Step("Going back to the former configuration");
            string became;
            try
            {
                _service.ReportWarnings(await LaunchAsync(former, order with { Release = null }, ServiceState.Restarting));
                became = $"So {_service.Name} was started again with the configuration it had before (pid {_service.Record.Pid}).";
            }
            catch (ServiceCtlException again)
            {
                became = $"It could not be started again with the configuration it had before either: {again.Message}";
            }

            throw new ServiceCtlException(failure.Report with { Message = $"{failure.Message} {became}" }, failure);
        }
    }

    private void ShowLaunch(Generation launched)
    {
        _launching = launched;
        if (_serving.Current is null)
        {
            _service.Change(record => record with
            {
                Pid = launched.Main.Process.Pid,
                StartedAt = launched.StartedAt,
                Listen = launched.Listen?.ToString(),
                Addresses = [.. launched.Addresses.Select(served => served.ToString())],
                Runner = launched.Definition.Runner,
            });
        }
    }
}
