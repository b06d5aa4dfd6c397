using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>
/// The same service, running without the agent: started by service.py, by hand, or by an agent that was killed. It is recognised by its
/// pid file or its address, and only if the process is a server of this very folder; anything else is somebody's and is left alone.
/// </summary>
internal sealed class OutsideInstance
{
    private readonly ServiceDefinition _definition;

    private OutsideInstance(ServiceDefinition definition, ProcessIdentity process)
    {
        _definition = definition;
        Process = process;
    }

    public ProcessIdentity Process { get; }

    public static OutsideInstance? Find(ServiceDefinition definition, IReadOnlyList<ServedAddress> addresses)
    {
        var process = PidFile.ReadOwner(definition.PidFile, definition.Actor) is { } owner && Belongs(owner.Pid, definition)
            ? owner
            : addresses.Select(served => FindListener(definition, served.Address)).FirstOrDefault(listener => listener is not null);
        return process is { } found ? new OutsideInstance(definition, found) : null;
    }

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.RunsOutsideAgent"/>.</exception>
    public static void RequireNone(ServiceDefinition definition, IReadOnlyList<ServedAddress> addresses)
    {
        if (Find(definition, addresses) is { } instance)
        {
            throw new ServiceCtlException(
                ErrorCode.RunsOutsideAgent, definition.Name,
                $"{definition.Name} is running already, outside the agent (pid {instance.Process.Pid}).",
                "Stop it once with 'servicectl stop'; from then on the agent manages it.");
        }
    }

    /// <summary>Ends it as <c>uwsgi --stop</c> does, and waits until it has gone.</summary>
    public async Task EndAsync(ExitWatcher watcher, TimeSpan limit, TimeProvider time, CancellationToken cancellation)
    {
        using var process = ChildProcess.Adopt(Process, watcher);
        if (process is null)
            return;

        process.Signal(Signals.Interrupt);
        try
        {
            await process.Exited.WaitAsync(limit, time, cancellation);
        }
        catch (TimeoutException error)
        {
            throw new ServiceCtlException(
                ErrorCode.StopTimedOut, _definition.Name,
                $"{_definition.Name}, running outside the agent as pid {Process.Pid}, did not end within {limit.TotalSeconds:0.#} s.",
                "It was not killed, because the agent did not start it.", error);
        }

        PidFile.RemoveIfHolds(_definition.PidFile, Process.Pid, _definition.Actor);
    }

    private static ProcessIdentity? FindListener(ServiceDefinition definition, ListenAddress address) =>
        AddressHolder.Find(address) is { Pid: > 0 } holder && Belongs(holder.Pid, definition) ? MasterOf(holder.Pid, definition) : null;

    /// <summary>The listener may be a worker; its parent, as long as it is of the same kind, is the one to talk to.</summary>
    private static ProcessIdentity? MasterOf(int pid, ServiceDefinition definition)
    {
        var parent = ProcFs.TryRead(pid)?.ParentPid ?? 0;
        return ProcessIdentity.Of(parent > 1 && Belongs(parent, definition) ? parent : pid);
    }

    /// <summary>Its words lead wherever its user likes.</summary>
    private static bool Belongs(int pid, ServiceDefinition definition) =>
        GuardedReads.Of(pid, false, other => IsServerOf(other, definition));

    private static bool IsServerOf(int pid, ServiceDefinition definition) =>
        ProcFs.TryReadExecutablePath(pid) is { } program
        && ProcFs.TryReadCommandLine(pid) is { } commandLine
        && IsServer(program, commandLine, definition.Runner)
        && (ProcFs.WorksIn(pid, definition.Folder)
            || commandLine.Any(word => word.StartsWith('/') && FolderIdentity.IsBelow(word, definition.Folder)));

    /// <summary>uWSGI is a program; gunicorn and uvicorn are Python with a script of that name, or <c>-m</c> and the name.</summary>
    private static bool IsServer(string program, IReadOnlyList<string> commandLine, string server) =>
        IsNamed(program, server) || (IsNamed(program, "python") && commandLine.Take(3).Any(word => IsNamed(word, server)));

    private static bool IsNamed(string path, string name) => Path.GetFileName(path).StartsWith(name, StringComparison.Ordinal);
}
