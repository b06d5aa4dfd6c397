using System.Net.Sockets;
using System.Runtime.InteropServices;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>Who is at the other end of a connected Unix socket, as the kernel saw it at connect or listen.</summary>
public static class PeerCredentials
{
    private const int SocketLevel = 1;      // SOL_SOCKET
    private const int PeerCredential = 17;  // SO_PEERCRED

    /// <summary>The user this process acts as.</summary>
    public static int OwnUid => (int)Libc.GetEffectiveUid();

    /// <returns>The pid is 0 when the peer lives in a pid namespace that can't be seen from here.</returns>
    /// <exception cref="SocketException">The socket is closed.</exception>
    public static (int Pid, int Uid, int Gid) Of(Socket socket)
    {
        Span<int> credentials = stackalloc int[3];
        socket.GetRawSocketOption(SocketLevel, PeerCredential, MemoryMarshal.AsBytes(credentials));
        return (credentials[0], credentials[1], credentials[2]);
    }
}
