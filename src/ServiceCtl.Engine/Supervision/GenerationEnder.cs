using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>Ends a generation for good: the requests, the process, its group, its files.</summary>
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
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.StopTimedOut"/>: the process outlived everything.</exception>
    public async Task<IReadOnlyList<string>> EndAsync(Generation generation, TimeSpan drain, CancellationToken cancellation)
    {
        // Should the agent die now, the next one ends it, too.
        generation.TryMark(isServing: false);
        await generation.Scope.ObserveAsync(cancellation);
        if (generation.Launch.StopsGroup)
            generation.Process.SignalGroup(generation.Launch.StopSignal);
        else
            generation.Process.Signal(generation.Launch.StopSignal);
        var ended = await HasEndedAsync(generation, drain, cancellation);
        await DiscardAsync(generation, cancellation);
        return ended ? [] : [$"{generation.Definition.Name} did not finish within {drain.TotalSeconds:0.#} s and was killed; requests may have been cut."];
    }

    /// <summary>Ends a generation at once, and everybody it has started, also who left its group and session.</summary>
    public async Task DiscardAsync(Generation generation, CancellationToken cancellation)
    {
        var report = await generation.Scope.EndAsync(Aftermath, cancellation);
        if (!report.IsComplete || !await HasEndedAsync(generation, Aftermath, cancellation))
            throw StillAlive(generation.Definition.Name, report);

        generation.RemoveFiles();
        generation.Dispose();
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

    private static ServiceCtlException StillAlive(string service, EndReport report) => new(
        ErrorCode.StopTimedOut, service, $"Of {service} still live, {Aftermath.TotalSeconds:0} s after they were killed: {string.Join(", ", report.Remaining)}.",
        "They are stuck in the kernel (state D in 'ps'), mostly on a disk or network file system that does not answer, or belong to another user.");

    private async Task<bool> HasEndedAsync(Generation generation, TimeSpan limit, CancellationToken cancellation)
    {
        try
        {
            await generation.Process.Exited.WaitAsync(limit, _context.Time, cancellation);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
