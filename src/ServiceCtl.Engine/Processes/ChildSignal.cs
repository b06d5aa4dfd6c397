using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>
/// A process that was started with SIGCHLD ignored gets no exit status: the kernel forgets its children at once
/// (https://man7.org/linux/man-pages/man2/wait.2.html, notes). Some launchers start programs that way.
/// </summary>
internal static unsafe class ChildSignal
{
    // At least as large as struct sigaction of glibc and musl; the handler is its first field, SIG_DFL is 0.
    private const int ActionSize = 256;
    private const long Ignore = 1;

    internal static void StopIgnoring()
    {
        byte* action = stackalloc byte[ActionSize];
        new Span<byte>(action, ActionSize).Clear();
        if (Libc.SigAction(Signals.Child, null, action) != 0)
            throw SystemError.Last("read the handling of SIGCHLD");
        if (*(long*)action != Ignore)
            return;
        new Span<byte>(action, ActionSize).Clear();
        if (Libc.SigAction(Signals.Child, action, null) != 0)
            throw SystemError.Last("set the handling of SIGCHLD");
    }
}
