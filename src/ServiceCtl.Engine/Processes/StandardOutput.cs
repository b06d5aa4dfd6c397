using System.ComponentModel;
using System.Runtime.InteropServices;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>This process's standard output.</summary>
public static class StandardOutput
{
    private const int Descriptor = 1;
    private const int WriteOnly = 1; // O_WRONLY

    /// <summary>Everything written to it from now on goes to <c>/dev/null</c>, whichever stream or library writes it.</summary>
    public static void Discard()
    {
        var nowhere = Libc.Open("/dev/null", WriteOnly);
        if (nowhere < 0 || Libc.Duplicate(nowhere, Descriptor) < 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        if (nowhere != Descriptor)
            _ = Libc.Close(nowhere);
    }
}
