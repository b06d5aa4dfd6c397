using System.Runtime.InteropServices;
using System.Text;
using Docker.DotNet.Models;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Scopes;

namespace ServiceCtl.Engine.Containers.Keeping;

/// <summary>
/// Keeps one container: a process of its own, the child of whoever supervises the service, for which it stands. It creates the container,
/// passes sockets and output into it, passes signals on, and ends as the container has ended. So a container is supervised, adopted and
/// stopped like any other program.
/// </summary>
public sealed class ContainerKeeper : IDisposable
{
    /// <summary>Beside the one that asks it to end.</summary>
    private static readonly string[] PassedOn = ["HUP", "INT", "QUIT", "USR1", "USR2", "TERM"];

    /// <summary>How long an engine that has just restarted may take to tell how a container ended.</summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(250);

    private readonly ContainerSpec _spec;
    private readonly Stream _output;
    private readonly Stream _errors;
    private readonly ContainerEngine _engine;
    private readonly ExitWatcher _watcher = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly CancellationTokenSource _end = new();
    private int _signal;
    private string _id = "";
    private ChildProcess? _main;

    /// <param name="spec">The container.</param>
    /// <param name="output">Gets what it prints, where its program does not have that itself.</param>
    /// <param name="errors">The same of its errors, and what there is to say of the container.</param>
    public ContainerKeeper(ContainerSpec spec, Stream output, Stream errors)
    {
        (_spec, _output, _errors) = (spec, output, errors);
        _engine = ContainerEngine.Find(spec.Engine);
        foreach (var signal in PassedOn.Append(spec.StopSignal).Select(Signals.NumberOf).OfType<int>().Distinct().Where(CanBeCaught))
            _registrations.Add(PosixSignalRegistration.Create((PosixSignal)signal, context =>
            {
                context.Cancel = true;
                Volatile.Write(ref _signal, signal);
                _ = PassOnAsync(signal);
            }));
    }

    /// <returns>The container's exit code.</returns>
    /// <exception cref="ServiceCtlException">It can't be created or started.</exception>
    public async Task<int> RunAsync()
    {
        var marker = ScopeMarker.Parse(Environment.GetEnvironmentVariable(ScopeMarker.GenerationVariable))
            ?? new ScopeMarker(_spec.Home, _spec.Service, Generation: 1);
        using var handover = _spec.Sockets > 0 ? SocketHandover.Prepare(_spec.RunFolder, _spec.Sockets) : null;
        _id = await CreateAsync(marker, handover);
        var output = new ContainerOutput(_engine, _id, _output, _errors);
        try
        {
            return await StartAndWaitAsync(handover, output);
        }
        finally
        {
            await _end.CancelAsync();
            await RemoveAsync();
        }
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _main?.Dispose();
        _watcher.Dispose();
        _engine.Dispose();
        _end.Dispose();
    }

    private static bool CanBeCaught(int signal) => signal is not (Signals.Kill or Signals.Stop);

    private async Task<string> CreateAsync(ScopeMarker marker, SocketHandover? handover)
    {
        try
        {
            var image = await _engine.Client.Images.InspectImageAsync(_spec.Image, CancellationToken.None);
            var self = ProcessIdentity.Of(Environment.ProcessId)!.Value;
            var request = ContainerRequest.Of(_spec, image.Config, marker, self, handover, _engine);
            // One that an agent of the same name, before a reboot or in another run folder, has left.
            await StrayContainers.TryRemoveAsync(_engine, ContainerRequest.NameOf(marker), CancellationToken.None);
            var created = await _engine.Client.Containers.CreateContainerAsync(request, CancellationToken.None);
            foreach (var warning in created.Warnings ?? [])
                Say($"{_engine.Name}: {warning}");
            return created.ID;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw _engine.Explain(error, $"create the container of {_spec.Service}");
        }
    }

    private async Task<int> StartAndWaitAsync(SocketHandover? handover, ContainerOutput output)
    {
        try
        {
            await _engine.Client.Containers.StartContainerAsync(_id, new ContainerStartParameters(), CancellationToken.None);
            _main = await FindMainAsync();
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw Unstarted(error);
        }

        // What arrived before there was anybody to pass it on to.
        if (Volatile.Read(ref _signal) is not 0 and var early)
            _ = PassOnAsync(early);
        // Its process tells that it has ended, whatever has become of the engine meanwhile.
        Task ended = _main?.Exited ?? Task.CompletedTask;
        var following = handover is null ? output.FollowAsync(ended) : Task.CompletedTask;
        if (_main is not null && handover is not null)
            _ = PassSocketsAsync(handover, _main.Identity);
        await ended;
        var code = await ReadExitCodeAsync();
        if (handover is { IsDone: false })
            await output.WriteAllAsync();
        await Task.WhenAny(following, Task.Delay(Aftermath));
        return code;
    }

    /// <summary>The engine says in its own words that the shim has no python3.</summary>
    private ServiceCtlException Unstarted(Exception error)
    {
        var known = _engine.Explain(error, $"start the container of {_spec.Service}");
        return _spec.Sockets > 0 && known.Message.Contains("python3", StringComparison.Ordinal)
            ? new(ErrorCode.RunnerMissing, _spec.Service, $"The image {_spec.Image} has no python3, which takes over the agent's socket.",
                "Use an image with Python 3.9 or newer, or set service.container.port to the port that its own server listens on.", error)
            : known;
    }

    private async Task PassSocketsAsync(SocketHandover handover, ProcessIdentity main)
    {
        try
        {
            await handover.PassAsync(pid => pid == main.Pid || ProcFs.TryRead(pid)?.ParentPid == main.Pid, _end.Token);
        }
        catch (OperationCanceledException)
        {
            // It has ended without having asked.
        }
    }

    /// <returns>Null where it has ended already.</returns>
    private async Task<ChildProcess?> FindMainAsync()
    {
        var container = await _engine.Client.Containers.InspectContainerAsync(_id, CancellationToken.None);
        return container.State is { Pid: > 0 and var pid } && ProcessIdentity.Of((int)pid) is { } identity
            ? ChildProcess.Adopt(identity, _watcher) : null;
    }

    /// <summary>Asked again for a while: the engine hears of an end later than we do, or was just restarted.</summary>
    private async Task<int> ReadExitCodeAsync()
    {
        using var limit = new CancellationTokenSource(Aftermath);
        string words;
        do
        {
            try
            {
                if ((await _engine.Client.Containers.InspectContainerAsync(_id, limit.Token)).State is { Running: false } state)
                {
                    if (state.OOMKilled)
                        Say($"servicectl: the kernel killed the container for want of memory: its limit is {_spec.MemoryBytes} bytes");
                    return (int)state.ExitCode;
                }

                words = "it calls it running";
            }
            catch (Exception error) when (ContainerEngine.IsTrouble(error))
            {
                words = error.Message;
            }
        }
        while (await WaitAsync(limit.Token));
        Say($"servicectl: the container has ended, and {_engine.Name} does not say how: {words}");
        return 1;
    }

    /// <returns>False when the time is up.</returns>
    private static async Task<bool> WaitAsync(CancellationToken limit)
    {
        await Task.WhenAny(Task.Delay(Again, limit));
        return !limit.IsCancellationRequested;
    }

    /// <summary>
    /// A program that does not handle a signal ends by it everywhere but as the first process of a container, where the kernel drops it.
    /// So what would have ended it elsewhere ends it here.
    /// </summary>
    private async Task PassOnAsync(int signal)
    {
        if (_id.Length == 0)
            return;
        var sent = _main is { } main && ProcFs.HasDefaultAction(main.Pid, signal) ? Signals.Kill : signal;
        try
        {
            await _engine.Client.Containers.KillContainerAsync(
                _id, new ContainerKillParameters { Signal = Signals.NameOf(sent) }, CancellationToken.None);
        }
        catch (Exception error) when (ContainerEngine.IsTrouble(error))
        {
            // The engine is down, or the container has ended. What the kernel allows is done without the engine.
            try
            {
                _main?.Signal(sent);
            }
            catch (Exception refused) when (refused is ServiceCtlException or ObjectDisposedException)
            {
                Say($"servicectl: {Signals.NameOf(signal)} can't be passed on: {error.Message}; {refused.Message}");
            }
        }
    }

    private void Say(string line)
    {
        _errors.Write(Encoding.UTF8.GetBytes($"{line}\n"));
        _errors.Flush();
    }

    private async Task RemoveAsync()
    {
        using var limit = new CancellationTokenSource(Aftermath);
        try
        {
            // An engine that was restarted holds on to what has just ended, and refuses for a while.
            while (!await StrayContainers.IsGoneAsync(_engine, _id, limit.Token))
                await Task.Delay(Again, limit.Token);
        }
        catch (Exception error) when (ContainerEngine.IsTrouble(error))
        {
            // The engine is down. The next launch removes it.
        }
    }
}
