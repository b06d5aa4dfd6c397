using System.Net.Sockets;
using System.Runtime.InteropServices;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>Passes open descriptors to another process over a connected Unix socket (SCM_RIGHTS, unix(7)).</summary>
public static unsafe class DescriptorPassing
{
    /// <summary>The kernel passes no more at once (SCM_MAX_FD).</summary>
    private const int Most = 253;

    private const int SocketLevel = 1; // SOL_SOCKET
    private const int Rights = 1;      // SCM_RIGHTS

    /// <summary>Sends them with a byte of data, without which the other side would receive nothing.</summary>
    /// <exception cref="Contracts.ServiceCtlException">The kernel refuses.</exception>
    public static void Send(Socket socket, IReadOnlyList<int> descriptors)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(descriptors.Count, Most);
        var header = sizeof(ControlHeader);
        var length = header + (descriptors.Count * sizeof(int));
        var control = stackalloc byte[(length + sizeof(nuint) - 1) & ~(sizeof(nuint) - 1)];
        *(ControlHeader*)control = new() { Length = (nuint)length, Level = SocketLevel, Kind = Rights };
        for (var index = 0; index < descriptors.Count; index++)
            ((int*)(control + header))[index] = descriptors[index];
        byte data = 0;
        DataBlock block = new() { Start = &data, Length = 1 };
        SocketMessage message = new() { Blocks = &block, BlockCount = 1, Control = control, ControlLength = (nuint)length };
        while (Libc.SendMessage(socket.SafeHandle, &message, 0) < 0)
        {
            if (Marshal.GetLastPInvokeError() != Errno.Interrupted)
                throw SystemError.Last("pass descriptors to another process");
        }
    }
}
