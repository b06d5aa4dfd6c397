using System.Runtime.InteropServices;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>
/// Launches a program that the kernel keeps out of places, where this user may have no mounts of its own. As with those, the thread that
/// launches has it first, hands it on, and ends. https://docs.kernel.org/userspace-api/landlock.html
/// </summary>
internal static unsafe class Landlock
{
    private static readonly Lazy<int> Answer = new(() =>
        (int)Libc.CreateRuleset(LinuxConstants.CreateRuleset, null, 0, LinuxConstants.LandlockVersion) is var version and > 0
            ? version : -Marshal.GetLastPInvokeError());

    /// <summary>Why there is none on this host; null where there is.</summary>
    internal static string? Lacking => Answer.Value switch
    {
        > 0 => null,
        -Errno.NotImplemented => "the kernel has no Landlock (Linux 5.13)",
        _ => "Landlock is switched off in this kernel (lsm=)",
    };

    /// <param name="view">What is to be reached.</param>
    /// <param name="launch">Starts a process, and does nothing else.</param>
    /// <exception cref="ServiceCtlException">The rules can't be made.</exception>
    internal static T Run<T>(FileSystemView view, Func<T> launch) => ShortThread.Run("landlock", () =>
    {
        using (LandlockRules rules = new(Answer.Value))
        {
            rules.Add(view);
            if (Libc.Prctl(LinuxConstants.SetNoNewPrivileges, 1, 0, 0, 0) != 0)
                throw SystemError.Last("give up new privileges");
            rules.Enforce();
        }

        return launch();
    });
}
