using ServiceCtl.Contracts;
using ServiceCtl.Engine.Failures;

namespace ServiceCtl.Engine.Supervision;

/// <summary>The generation that is the service at the moment, and the watch over it.</summary>
internal sealed class ServingGeneration : IDisposable
{
    private readonly SupervisedService _service;
    private volatile Generation? _current;
    private CancellationTokenSource? _watch;
    private CancellationTokenSource? _logWatch;
    private long _since;

    public ServingGeneration(SupervisedService service)
    {
        _service = service;
    }

    public Generation? Current
    {
        get => _current;
        private set => _current = value;
    }

    /// <summary>How long it, or the last one, has been serving under this agent; no clock that is set changes that.</summary>
    public TimeSpan UpFor => _service.Time.GetElapsedTime(_since);

    /// <summary>
    /// Completes when nothing is left of the one that ended last by itself. No order is obeyed, and no other generation serves, before.
    /// Never fails.
    /// </summary>
    public Task Cleanup { get; private set; } = Task.CompletedTask;

    /// <summary>Ends when another generation serves, or none.</summary>
    public CancellationToken Watching => _watch?.Token ?? new CancellationToken(canceled: true);

    /// <summary>What is done when an instance has ended without an order.</summary>
    public event Func<Generation, Instance, Task>? Ended;

    /// <summary>What is done when it failed its probes, with the last answer.</summary>
    public event Func<Generation, string, Task>? Unhealthy;

    /// <summary>What is done when it has printed what its rules are about.</summary>
    public event Func<Generation, FailureFacts, Task>? Observed;

    /// <summary>From here on this generation is the service.</summary>
    /// <returns>Warnings.</returns>
    public IReadOnlyList<string> Take(Generation generation)
    {
        CancelWatch();
        _watch = new CancellationTokenSource();
        Current = generation;
        _since = _service.Time.GetTimestamp();
        var warnings = new List<string>(generation.Publish());
        if (generation.TryMark(isServing: true) is { } unsaved)
            warnings.Add(unsaved);
        if (_service.Release.Note(generation.Definition) is { } unnoted)
            warnings.Add(unnoted);
        _service.Change(record => record with
        {
            State = ServiceState.Running,
            Pid = generation.Main.Process.Pid,
            StartedAt = generation.StartedAt,
            Listen = generation.Listen?.ToString(),
            Addresses = [.. generation.Addresses.Select(served => served.ToString())],
            Runner = generation.Definition.Runner,
            Requires = generation.Definition.Requires,
            Generation = Math.Max(record.Generation, generation.Number),
            Problem = null,
        });
        foreach (var instance in generation.Instances)
            Watch(generation, instance);
        WatchHealth(generation);
        WatchLog(generation);
        return warnings;
    }

    /// <summary>Asks it, from now on, whether it is well; tells once that it is not.</summary>
    public void WatchHealth(Generation generation)
    {
        if (generation.Definition.Health is not { } health)
            return;
        var token = Watching;
        var liveness = new LivenessWatch(_service.Time, generation, health);
        _ = _service.RunBesideAsync(
            () => liveness.RunAsync(
                words => _service.Post(() => IfCurrent(generation, () => Unhealthy?.Invoke(generation, words))), token));
    }

    /// <summary>Other rules are the host's now.</summary>
    public void WatchLogAgain()
    {
        if (Current is { HasEnded: false } serving)
            WatchLog(serving);
    }

    /// <summary>Looks at what it prints, where its rules are about that.</summary>
    private void WatchLog(Generation generation)
    {
        _logWatch?.Cancel();
        _logWatch?.Dispose();
        _logWatch = null;
        if (!_service.Context.RulesOf(generation.Definition).Any(rule => rule.Match.NeedsLog))
            return;
        _logWatch = CancellationTokenSource.CreateLinkedTokenSource(Watching);
        var token = _logWatch.Token;
        _ = _service.RunBesideAsync(async () =>
        {
            // Where the log ends now is where it begins to be this generation's; what is in it is looked at beside the loop.
            using var watch = new LogWatch(_service.Context, generation);
            await Task.Run(
                () => watch.RunAsync(
                    facts => _service.Post(() => IfCurrent(generation, () => Observed?.Invoke(generation, facts))), token),
                token);
        });
    }

    /// <summary>Notices the end of an instance, as long as its generation serves.</summary>
    public void Watch(Generation generation, Instance instance) => _ = instance.Process.Exited.ContinueWith(
        _ => _service.Post(() => IfCurrent(generation, () => Ended?.Invoke(generation, instance))), _watch!.Token,
        TaskContinuationOptions.None, TaskScheduler.Default);

    /// <summary>Lets it finish its requests and ends it.</summary>
    /// <returns>Warnings.</returns>
    public async Task<IReadOnlyList<string>> EndAsync(Generation generation, Order order)
    {
        CancelWatch();
        var main = generation.Main;
        try
        {
            return await _service.Context.Ender.EndAsync(generation, isRelieved: false, order.Limit ?? generation.Definition.Stop.Timeout,
                CancellationToken.None);
        }
        catch (ServiceCtlException error)
        {
            _service.Change(record => record with { State = ServiceState.Failed, Problem = error.Message });
            throw;
        }
        finally
        {
            if (main.Process.Exited.IsCompletedSuccessfully)
                Forget(generation, await main.ReportAsync(_service.Time.GetLocalNow(), expected: true));
        }
    }

    /// <summary>
    /// Takes note that it has ended by itself, and sees that nothing of it is left: before this returns, or where that is safe, by the time
    /// of <see cref="Cleanup"/>.
    /// </summary>
    public async Task<ExitReport> CleanUpAsync(Generation generation, Instance last)
    {
        CancelWatch();
        var report = await last.ReportAsync(_service.Time.GetLocalNow(), expected: false);
        var isInNobodysWay = generation.IsInNobodysWay;
        Cleanup = _service.RunBesideAsync(() => DiscardAsync(generation));
        if (!isInNobodysWay)
            await Cleanup;
        Forget(generation, report);
        return report;
    }

    /// <summary>What was noticed of a generation may have its turn when another one serves.</summary>
    public async Task IfCurrent(Generation generation, Func<Task?> work)
    {
        if (Current != generation)
            return;
        await _service.Context.HostRules.RefreshAsync();
        await (work() ?? Task.CompletedTask);
    }

    public void Dispose()
    {
        CancelWatch();
        Current?.Dispose();
    }

    private void CancelWatch()
    {
        _watch?.Cancel();
        _watch?.Dispose();
        _watch = null;
        _logWatch?.Dispose();
        _logWatch = null;
    }

    private async Task DiscardAsync(Generation generation)
    {
        try
        {
            await _service.Context.Ender.DiscardAsync(generation, CancellationToken.None);
        }
        catch (ServiceCtlException stuck)
        {
            // Whoever is stuck in the kernel must not keep the service down.
            _service.Report(ServiceEventKind.Warning, stuck.Message);
        }
    }

    private void Forget(Generation generation, ExitReport report)
    {
        if (Current == generation)
            Current = null;
        _service.Change(record => record with { Pid = null, StartedAt = null, LastExit = report });
    }
}
