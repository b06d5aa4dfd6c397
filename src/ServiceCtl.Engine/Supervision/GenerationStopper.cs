using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes.Scopes;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>Ends a generation for good: the requests, the processes, whatever they have started, the files.</summary>
internal sealed class GenerationStopper
{
    /// <summary>How long a killed process, or the kernel with its sockets, may take.</summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(5);

    /// <summary>What is kept of the time for whoever is asked to end only when it is nearly over.</summary>
    private static readonly TimeSpan GracePeriod = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan WakeAfter = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan WakeSeldom = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private readonly SupervisionContext _context;

    public GenerationStopper(SupervisionContext context)
    {
        _context = context;
    }

    /// <inheritdoc cref="GracePeriod"/>
    public static TimeSpan GracePeriodOf(TimeSpan drain) => TimeSpan.FromTicks(Math.Min(GracePeriod.Ticks, drain.Ticks / 10));

    /// <summary>Lets the requests finish, then ends what is left.</summary>
    /// <param name="generation">What is to end.</param>
    /// <param name="isRelieved">Do new connections go to another one?</param>
    /// <param name="drain">How long all of it may take.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>What the user should know: requests that were cut.</returns>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.StopTimedOut"/>: a process outlived everything.</exception>
    public async Task<IReadOnlyList<string>> EndAsync(
        Generation generation, bool isRelieved, TimeSpan drain, CancellationToken cancellation)
    {
        var begin = _context.Time.GetTimestamp();
        // Should the agent die now, the next one ends it, too.
        generation.TryMark(isServing: false);
        await Task.WhenAll(generation.Instances.Select(instance => instance.Scope.ObserveAsync(cancellation)));
        var owed = await new ClientDrain(generation, isRelieved, _context.Time).WaitAsync(drain - GracePeriodOf(drain), cancellation);
        var warnings = await Task.WhenAll(generation.Instances.Select(
            instance => EndAsync(generation, instance, drain, drain - _context.Time.GetElapsedTime(begin), cancellation)));
        if (owed > 0 && warnings.All(warning => warning is null) && !generation.Instances.All(instance => instance.Launch.FinishesRequests))
            warnings = [
                $"{generation.Definition.Name} had {owed} open {(owed == 1 ? "request" : "requests")} still after {drain.TotalSeconds:0.#} "
                    + "s, and was ended; they were cut."];
        return [.. warnings.OfType<string>(), .. Remove(generation)];
    }

    /// <summary>Ends a generation at once, and everybody it has started, also who left its group and session.</summary>
    public async Task DiscardAsync(Generation generation, CancellationToken cancellation)
    {
        await Task.WhenAll(generation.Instances.Select(instance => KillAsync(generation, instance, cancellation)));
        foreach (var failure in Remove(generation))
            _context.Report(generation.Definition.Name, ServiceEventKind.Warning, failure);
    }

    /// <summary>Ends one instance at once, and everybody it has started. The others go on.</summary>
    public async Task DiscardAsync(Generation generation, Instance instance, CancellationToken cancellation)
    {
        await KillAsync(generation, instance, cancellation);
        generation.Remove(instance);
        if (instance.RunFolder != generation.RunFolder)
            _ = instance.TryRemoveFiles();
        instance.Dispose();
    }

    /// <summary>Ends what is left of a generation of which nobody remembers more than its mark.</summary>
    public async Task EndLeftOverAsync(ProcessScope scope, CancellationToken cancellation)
    {
        var report = await scope.EndAsync(Aftermath, cancellation);
        scope.Dispose();
        if (report.IsComplete)
            _context.Report(scope.Spec.Service, ServiceEventKind.Warning,
                $"Leftover processes of generation {scope.Spec.Generation} of {scope.Spec.Service} were ended; they had kept running "
                    + "without an agent.");
        else
            throw StillAlive(scope.Spec.Service, report);
    }

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.AddressInUse"/>: somebody else has it.</exception>
    public async Task WaitForAddressesAsync(string service, IReadOnlyList<ServedAddress> addresses, CancellationToken cancellation)
    {
        var begin = _context.Time.GetTimestamp();
        foreach (var served in addresses)
            await WaitForAddressAsync(service, served.Address, begin, cancellation);
    }

    private async Task WaitForAddressAsync(string service, ListenAddress listen, long begin, CancellationToken cancellation)
    {
        while (AddressHolder.IsListening(listen))
        {
            if (_context.Time.GetElapsedTime(begin) > Aftermath)
            {
                var holder = AddressHolder.Find(listen)?.ToString() ?? "a process that can't be seen";
                throw new ServiceCtlException(
                    ErrorCode.AddressInUse, service,
                    $"{service} has ended, but {listen} is still held by {holder} after {Aftermath.TotalSeconds:0} s.",
                    "It is not a process of this service and was left alone; end it yourself if it should not be there.");
            }

            await Task.Delay(PollInterval, _context.Time, cancellation);
        }
    }

    private static IReadOnlyList<string> Remove(Generation generation)
    {
        var failures = generation.RemoveFiles();
        generation.Dispose();
        return failures;
    }

    /// <returns>A warning, or null.</returns>
    private async Task<string?> EndAsync(
        Generation generation, Instance instance, TimeSpan drain, TimeSpan left, CancellationToken cancellation)
    {
        if (instance.Launch.StopsGroup)
            instance.Process.SignalGroup(instance.Launch.StopSignal);
        else
            instance.Process.Signal(instance.Launch.StopSignal);
        var ended = await HasEndedAsync(instance, left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellation, instance.Launch.Wake);
        await KillAsync(generation, instance, cancellation);
        return ended
            ? null
            : $"{generation.NameOf(instance.Index)} did not finish within {drain.TotalSeconds:0.#} s and was killed; requests may have "
                + "been cut.";
    }

    private async Task KillAsync(Generation generation, Instance instance, CancellationToken cancellation)
    {
        var report = await instance.Scope.EndAsync(Aftermath, cancellation);
        if (!report.IsComplete || !await HasEndedAsync(instance, Aftermath, cancellation))
            throw StillAlive(generation.NameOf(instance.Index), report);
        // Of one that another agent has launched, the kernel may not tell how it ended.
        if ((await instance.Process.Exited).Code is null)
            await instance.Launch.CleanUpAsync();
    }

    private async Task<bool> HasEndedAsync(
        Instance instance, TimeSpan limit, CancellationToken cancellation, Func<CancellationToken, Task>? wake = null)
    {
        using var waking = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            _ = wake is null ? Task.CompletedTask : WakeAsync(instance, wake, waking.Token);
            await instance.Process.Exited.WaitAsync(limit, _context.Time, cancellation);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        finally
        {
            await waking.CancelAsync();
        }
    }

    private async Task WakeAsync(Instance instance, Func<CancellationToken, Task> wake, CancellationToken cancellation)
    {
        try
        {
            for (var pause = WakeAfter; !instance.HasEnded; pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 3 / 2, WakeSeldom.Ticks)))
            {
                await Task.Delay(pause, _context.Time, cancellation);
                await wake(cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // It has ended, or has had its time.
        }
    }

    private static ServiceCtlException StillAlive(string name, EndReport report) => new(
        ErrorCode.StopTimedOut, name,
        $"Processes of {name} are still alive {Aftermath.TotalSeconds:0} s after they were killed: {string.Join(", ", report.Remaining)}.",
        "They are stuck in the kernel (state D in 'ps'), mostly on a disk or network file system that does not answer, or belong to "
            + "another user.");
}
