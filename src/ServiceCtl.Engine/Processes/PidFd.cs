using System.Runtime.InteropServices;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>What can be done to a process through a descriptor of it: none of this can hit another process that got its pid.</summary>
internal static unsafe class PidFd
{
    /// <returns>Null when there is no such process.</returns>
    internal static Descriptor? Open(int pid)
    {
        nint number = Libc.PidFdOpen(LinuxConstants.PidFdOpen, pid, 0);
        if (number >= 0)
            return new Descriptor((int)number);

        // EINVAL and ENOENT: the number belongs to a thread that leads no process.
        return Marshal.GetLastPInvokeError() is Errno.NoProcess or Errno.Invalid or Errno.NoEntry
            ? null
            : throw SystemError.Last($"watch process {pid}");
    }

    /// <returns>False when the process has ended and was reaped.</returns>
    internal static bool Signal(Descriptor process, int pid, int signal)
    {
        if (Libc.PidFdSendSignal(LinuxConstants.PidFdSendSignal, process, signal, null, 0) == 0)
            return true;
        return Marshal.GetLastPInvokeError() == Errno.NoProcess
            ? false
            : throw SystemError.Last($"send signal {signal} to process {pid}");
    }

    /// <summary>
    /// Signals the group whose number is this process's pid, even after the process itself has ended: the kernel goes by its own record of
    /// the process, not by the number.
    /// </summary>
    /// <returns>Null on a kernel before 6.9, which can't; false when nobody is in the group.</returns>
    internal static bool? SignalGroup(Descriptor leader, int group, int signal)
    {
        if (Libc.PidFdSendSignal(LinuxConstants.PidFdSendSignal, leader, signal, null, LinuxConstants.SignalProcessGroup) == 0)
            return true;
        return Marshal.GetLastPInvokeError() switch
        {
            Errno.NoProcess => false,
            Errno.Invalid => null,
            _ => throw SystemError.Last($"send signal {signal} to process group {group}"),
        };
    }

    /// <summary>
    /// Looks, without waiting, whether a child of ours has ended. Unless it is reaped, its owner still finds it in the process table.
    /// </summary>
    internal static WaitOutcome TryWait(Descriptor process, bool reap, out ProcessExit exit)
    {
        int options = LinuxConstants.WaitExited | LinuxConstants.WaitNoHang | (reap ? 0 : LinuxConstants.WaitAndLeave);
        return Wait(process, options, out exit);
    }

    /// <summary>Waits for as long as it takes and reaps.</summary>
    internal static void WaitAndReap(Descriptor process) => Wait(process, LinuxConstants.WaitExited, out _);

    /// <summary>
    /// How a process that was nobody's child here ended: the kernel keeps it with the pidfd, once its parent has reaped it.
    /// </summary>
    /// <returns>Null on a kernel before 6.15, or as long as the process was not reaped.</returns>
    internal static ProcessExit? ReadExit(Descriptor process)
    {
        // struct pidfd_info: https://www.kernel.org/doc/man-pages (ioctl_pidfd), include/uapi/linux/pidfd.h
        ulong* info = stackalloc ulong[8];
        new Span<ulong>(info, 8).Clear();
        info[0] = LinuxConstants.PidFdInfoExit;
        if (Libc.Ioctl(process, LinuxConstants.PidFdGetInfo, info) != 0 || (info[0] & LinuxConstants.PidFdInfoExit) == 0)
            return null;
        return ProcessExit.OfWaitStatus(((int*)info)[15]);
    }

    /// <summary>A duplicate of a descriptor of that process (pidfd_getfd, Linux 5.6; needs the right to trace it).</summary>
    /// <exception cref="Contracts.ServiceCtlException">The kernel forbids it, or there is no such descriptor.</exception>
    internal static int TakeDescriptor(Descriptor process, int pid, int number)
    {
        nint taken = Libc.PidFdGetFd(LinuxConstants.PidFdGetFd, process, number, 0);
        return taken >= 0 ? (int)taken : throw SystemError.Last($"take descriptor {number} of process {pid}");
    }

    private static WaitOutcome Wait(Descriptor process, int options, out ProcessExit exit)
    {
        exit = ProcessExit.Unknown;
        SignalInfo info = default;
        while (Libc.WaitId(LinuxConstants.WaitForPidFd, process, &info, options) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error == Errno.NoChild)
                return WaitOutcome.NotOurChild;
            if (error != Errno.Interrupted)
                throw SystemError.Of(error, "wait for a process");
        }

        if (info.Pid == 0)
            return WaitOutcome.Running;
        exit = info.Code == LinuxConstants.ChildExited ? new ProcessExit(info.Status, null) : new ProcessExit(null, info.Status);
        return WaitOutcome.Ended;
    }
}
