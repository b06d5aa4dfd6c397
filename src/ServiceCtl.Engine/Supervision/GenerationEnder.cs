using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>Ends a generation for good: the requests, the process, its group, its address, its files.</summary>
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

    /// <summary>Lets the requests finish, then ends what is left, waits for the address, and clears <c>paths_to_delete</c>.</summary>
    /// <returns>What the user should know: requests that were cut, files that could not be removed.</returns>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.StopTimedOut"/>: the process or its address outlived everything.</exception>
    public async Task<IReadOnlyList<string>> EndAsync(Generation generation, TimeSpan drain, Action<string> step, CancellationToken cancellation)
    {
        var warnings = new List<string>();
        step("Letting the requests finish");
        generation.Process.Signal(generation.Launch.StopSignal);
        if (!await HasEndedAsync(generation, drain, cancellation))
            warnings.Add($"{generation.Definition.Name} did not finish within {drain.TotalSeconds:0.#} s and was killed; requests may have been cut.");

        await DiscardAsync(generation, cancellation);
        step("Waiting for its address");
        await WaitForAddressAsync(generation.Definition.Name, generation.Listen, cancellation);
        warnings.AddRange(PathCleaner.Clear(generation.Definition.PathsToDelete));
        return warnings;
    }

    /// <summary>Ends a generation at once, and everybody of its process group.</summary>
    public async Task DiscardAsync(Generation generation, CancellationToken cancellation)
    {
        generation.Process.SignalGroup(Signals.Kill);
        if (!await HasEndedAsync(generation, Aftermath, cancellation))
        {
            throw new ServiceCtlException(
                ErrorCode.StopTimedOut, generation.Definition.Name,
                $"Process {generation.Process.Pid} of {generation.Definition.Name} still lives {Aftermath.TotalSeconds:0} s after it was killed.",
                "It is stuck in the kernel (state D in 'ps'), mostly on a disk or network file system that does not answer.");
        }

        PidFile.RemoveIfHolds(generation.Definition.PidFile, generation.Process.Pid);
        generation.Dispose();
    }

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
}
