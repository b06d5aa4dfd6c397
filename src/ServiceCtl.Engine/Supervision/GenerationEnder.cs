using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>Ends a generation for good: the requests, the processes, whatever they have started, the files.</summary>
internal sealed class GenerationEnder
{
    /// <summary>How long a killed process, or the kernel with its sockets, may take.</summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(20);

    private readonly SupervisionContext _context;

    public GenerationEnder(SupervisionContext context)
    {
        _context = context;
    }

    /// <summary>Lets the requests finish, then ends what is left.</summary>
    /// <returns>What the user should know: requests that were cut.</returns>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.StopTimedOut"/>: a process outlived everything.</exception>
    public async Task<IReadOnlyList<string>> EndAsync(Generation generation, TimeSpan drain, CancellationToken cancellation)
    {
        // Should the agent die now, the next one ends it, too.
        generation.TryMark(isServing: false);
        var warnings = await Task.WhenAll(generation.Instances.Select(instance => DrainAsync(generation, instance, drain, cancellation)));
        Remove(generation);
        return [.. warnings.OfType<string>()];
    }

    /// <summary>Ends a generation at once, and everybody it has started, also who left its group and session.</summary>
    public async Task DiscardAsync(Generation generation, CancellationToken cancellation)
    {
        await Task.WhenAll(generation.Instances.Select(instance => KillAsync(generation, instance, cancellation)));
        Remove(generation);
    }

    /// <summary>Ends one instance at once, and everybody it has started. The others go on.</summary>
    public async Task DiscardAsync(Generation generation, Instance instance, CancellationToken cancellation)
    {
        await KillAsync(generation, instance, cancellation);
        generation.Remove(instance);
        if (instance.RunFolder != generation.RunFolder)
            instance.RemoveFiles();
        instance.Dispose();
    }

    /// <summary>Ends what is left of a generation of which nobody remembers more than its mark.</summary>
    public async Task EndLeftOverAsync(ProcessScope scope, CancellationToken cancellation)
    {
        var report = await scope.EndAsync(Aftermath, cancellation);
        scope.Dispose();
        if (report.IsComplete)
            _context.Tell(scope.Spec.Service, ServiceEventKind.Warning, $"Of generation {scope.Spec.Generation} of {scope.Spec.Service} processes were left over, and were ended: they ran on while there was no agent.");
        else
            throw StillAlive(scope.Spec.Service, report);
    }

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.AddressInUse"/>: somebody else has it.</exception>
    public async Task WaitForAddressAsync(string service, ListenAddress? listen, CancellationToken cancellation)
    {
        var begin = _context.Time.GetTimestamp();
        while (AddressHolder.IsListening(listen))
        {
            if (_context.Time.GetElapsedTime(begin) > Aftermath)
            {
                var holder = AddressHolder.Find(listen)?.ToString() ?? "a process that can't be seen";
                throw new ServiceCtlException(
                    ErrorCode.AddressInUse, service, $"{service} has ended, but {listen} is still held by {holder} after {Aftermath.TotalSeconds:0} s.",
                    "It is not a process of this service and was left alone; end it yourself if it should not be there.");
            }

            await Task.Delay(AskEvery, _context.Time, cancellation);
        }
    }

    private static void Remove(Generation generation)
    {
        generation.RemoveFiles();
        generation.Dispose();
    }

    /// <returns>A warning, or null.</returns>
    private async Task<string?> DrainAsync(Generation generation, Instance instance, TimeSpan drain, CancellationToken cancellation)
    {
        await instance.Scope.ObserveAsync(cancellation);
        if (instance.Launch.StopsGroup)
            instance.Process.SignalGroup(instance.Launch.StopSignal);
        else
            instance.Process.Signal(instance.Launch.StopSignal);
        var ended = await HasEndedAsync(instance, drain, cancellation);
        await KillAsync(generation, instance, cancellation);
        return ended ? null : $"{generation.NameOf(instance.Index)} did not finish within {drain.TotalSeconds:0.#} s and was killed; requests may have been cut.";
    }

    private async Task KillAsync(Generation generation, Instance instance, CancellationToken cancellation)
    {
        var report = await instance.Scope.EndAsync(Aftermath, cancellation);
        if (!report.IsComplete || !await HasEndedAsync(instance, Aftermath, cancellation))
            throw StillAlive(generation.NameOf(instance.Index), report);
    }

    private async Task<bool> HasEndedAsync(Instance instance, TimeSpan limit, CancellationToken cancellation)
    {
        try
        {
            await instance.Process.Exited.WaitAsync(limit, _context.Time, cancellation);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static ServiceCtlException StillAlive(string name, EndReport report) => new(
        ErrorCode.StopTimedOut, name, $"Of {name} still live, {Aftermath.TotalSeconds:0} s after they were killed: {string.Join(", ", report.Remaining)}.",
        "They are stuck in the kernel (state D in 'ps'), mostly on a disk or network file system that does not answer, or belong to another user.");
}
