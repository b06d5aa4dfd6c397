using System.Runtime.InteropServices;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>
/// Starts programs through posix_spawn. The child leads a session and a process group of its own, has every signal at its default
/// and none blocked, standard input from <c>/dev/null</c>, and no descriptor but the passed ones. May be called from many threads at once.
/// </summary>
public static class Spawner
{
    /// <exception cref="ServiceCtlException">The program, its interpreter or its directory is missing or forbidden, or the host is out of
    /// something: the message says which.</exception>
    public static ChildProcess Spawn(ProcessSpec spec, ExitWatcher watcher) => ChildProcess.OfSpawned(Launch(spec), watcher);

    /// <summary>
    /// Starts a program that is to outlive this process, from a host that is not ours (pwsh). Nothing is asked of the host: no handler
    /// of SIGCHLD, no watcher. A sleeping background thread reaps the process if it ends first; if the host ends first, init does.
    /// A double fork would hand it to init at once, but leaves a zombie where the host itself is pid 1, as in a container.
    /// </summary>
    /// <exception cref="ServiceCtlException">As with <see cref="Spawn"/>.</exception>
    public static ProcessIdentity SpawnDetached(ProcessSpec spec)
    {
        SpawnedChild child = Launch(spec);
        Descriptor? handle = PidFd.Open(child.Pid);
        ProcessIdentity identity = child.Identify();

        // Where the host ignores SIGCHLD, the kernel reaps by itself and the process may be gone already.
        if (handle is not null)
            new Thread(() => Reap(handle), maxStackSize: 128 * 1024) { IsBackground = true, Name = $"reaper of {child.Pid}" }.Start();
        return identity;
    }

    /// <summary>Ends a child that can't be handed to its caller, and takes it out of the process table.</summary>
    internal static unsafe void Revoke(int pid)
    {
        _ = Libc.Kill(pid, Signals.Kill);
        SignalInfo info;
        while (Libc.WaitId(LinuxConstants.WaitForPid, (uint)pid, &info, LinuxConstants.WaitExited) != 0
            && Marshal.GetLastPInvokeError() == Errno.Interrupted)
        {
        }
    }

    internal static bool KillGroup(int group, int signal)
    {
        if (Libc.Kill(-group, signal) == 0)
            return true;
        return Marshal.GetLastPInvokeError() == Errno.NoProcess
            ? false
            : throw SystemError.Last($"send signal {signal} to process group {group}");
    }

    private static void Reap(Descriptor handle)
    {
        using (handle)
            PidFd.WaitAndReap(handle);
    }

    private static SpawnedChild Launch(ProcessSpec spec)
    {
        SpawnRefusal.ThrowIfUnfit(spec);
        (int error, SpawnedChild child) = spec.View switch
        {
            null => TrySpawn(spec),
            { IsByLandlock: true } view => Landlock.Run(view, () => TrySpawn(spec)),
            { } view => MountNamespace.Run(view, () => TrySpawn(spec)),
        };
        return error == 0 ? child : throw SpawnRefusal.Explain(spec, error);
    }

    private static (int Error, SpawnedChild Child) TrySpawn(ProcessSpec spec)
    {
        long before = StartClock.Now;
        int error = PosixSpawn.Launch(spec, out int pid);
        return (error, new SpawnedChild(pid, before, StartClock.Now));
    }
}
