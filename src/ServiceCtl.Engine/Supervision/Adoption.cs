using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes.Scopes;

namespace ServiceCtl.Engine.Supervision;

/// <summary>What another agent left of a service: taken on where it serves, ended where it was left half-way.</summary>
internal sealed class Adoption
{
    private const string WithoutSockets = "sockets can't be recovered, so the next restart is a stop and a start.";

    private readonly SupervisedService _service;
    private readonly ServingGeneration _serving;
    private readonly ServiceAddress _address;

    public Adoption(SupervisedService service, ServingGeneration serving, ServiceAddress address)
    {
        _service = service;
        _serving = serving;
        _address = address;
    }

    /// <summary>Takes on the generation that another agent left serving, and ends what it left half-way.</summary>
    /// <param name="marked">Everything on this host that carries the service's mark.</param>
    /// <returns>The one that serves; null for none.</returns>
    public Generation? Run(IReadOnlyList<FoundScope> marked)
    {
        var found = new GenerationRecovery(_service.Context, _service.Record.Name).Find(marked);
        found = found with { Serving = _service.Release.Settle(found.Serving, found.Living) };
        foreach (var scope in found.LeftOver)
            _service.Post(() => _service.Context.Ender.EndLeftOverAsync(scope, CancellationToken.None));

        _service.Change(record => record with { Generation = Math.Max(record.Generation, found.HighestNumber) });
        if (found.Serving is { } serving)
            TakeOn(serving, found);
        foreach (var unfinished in found.Living.Where(generation => generation != found.Serving))
            _service.Post(() => EndUnfinishedAsync(unfinished));
        return found.Serving;
    }

    private void TakeOn(Generation serving, GenerationRecovery.Found found)
    {
        _address.Recover(serving, found.Living);
        _service.Change(record => record with { State = ServiceState.Starting, IsWanted = true });
        _serving.Take(serving);
        // One that was spawned in the instant before the agent died is left over with a socket of the address, which its end gives back.
        var isTriedAgain = IsWithoutSockets(serving) && found.LeftOver.Count > 0;
        var note = IsWithoutSockets(serving) && !isTriedAgain ? $" Its {WithoutSockets}" : "";
        var lost = serving.LostFile is { } path ? " " + SocketFileIsGone(path) : "";
        _service.Report(ServiceEventKind.Adopted, $"{_service.Record.Name} was taken on (pid {_service.Record.Pid}).{note}{lost}");
        _service.AnnounceBeside(ServingEvent.Adopted, serving);
        if (isTriedAgain)
            _service.Post(() => _serving.IfCurrent(serving, () => RecoverAgain(serving, found.Living)));
    }

    private Task? RecoverAgain(Generation serving, IReadOnlyList<Generation> living)
    {
        _address.Recover(serving, living);
        if (IsWithoutSockets(serving))
            _service.Report(ServiceEventKind.Warning, $"The {WithoutSockets}");
        return null;
    }

    private bool IsWithoutSockets(Generation serving) => serving.HasSockets && !_address.IsHeld;

    /// <summary>What is wrong with a service that runs and whose socket's file somebody has deleted.</summary>
    public static string SocketFileIsGone(string path) =>
        $"Nobody can connect to it, because the file of its socket {path} was deleted; a restart makes it again.";

    /// <summary>Ends a generation that was starting, serving as a bridge or finishing its requests when its agent died.</summary>
    private async Task EndUnfinishedAsync(Generation unfinished)
    {
        var isRelieved = unfinished.Sockets.Count > 0 && unfinished.MainSocket != _serving.Current?.MainSocket;
        await _service.Context.Ender.EndAsync(unfinished, isRelieved, unfinished.Definition.Stop.Timeout, CancellationToken.None);
        _address.Release(unfinished.Sockets);
    }
}
