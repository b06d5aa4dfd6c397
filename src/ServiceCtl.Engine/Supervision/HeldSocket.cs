using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Runners;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>One listening socket of a service's address, opened by the agent and passed to a generation.</summary>
internal sealed class HeldSocket
{
    private const int SocketLevel = 1;               // SOL_SOCKET
    private const int ReusePort = 15;                // SO_REUSEPORT
    private const int AttachReusePortProgram = 51;   // SO_ATTACH_REUSEPORT_CBPF
    private const int TcpLevel = 6;                  // IPPROTO_TCP
    private const int TcpInfo = 11;                  // TCP_INFO
    private const int WaitingConnections = 24;       // offset of tcpi_unacked, which is the accept queue's length of a listener

    private HeldSocket(Socket socket)
    {
        Socket = socket;
    }

    public Socket Socket { get; }

    /// <exception cref="SocketException">The address is taken, is not this machine's, or may not be bound.</exception>
    public static HeldSocket Open(ListenAddress address, SocketPlan plan)
    {
        EndPoint endPoint = address.UnixPath is { } path ? new UnixDomainSocketEndPoint(path) : address.EndPoint!;
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, address.UnixPath is null ? ProtocolType.Tcp : ProtocolType.Unspecified);
        try
        {
            if (address.UnixPath is null)
            {
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
                socket.SetRawSocketOption(SocketLevel, ReusePort, BitConverter.GetBytes(1));
            }

            socket.Bind(endPoint);
            if (address.UnixPath is { } created && plan.Mode is { } mode)
                File.SetUnixFileMode(created, mode);
            socket.Listen(plan.Backlog);
            // Servers that share a socket expect it to be non-blocking; the flag belongs to the open file and so to all of them.
            socket.Blocking = false;
            return new HeldSocket(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Gets the socket back from a process that holds it, after the agent that opened it has died.</summary>
    /// <returns>Null where the kernel forbids it.</returns>
    public static HeldSocket? Recover(ChildProcess holder)
    {
        try
        {
            return new HeldSocket(holder.TakeSocket(LaunchRequest.SocketDescriptor));
        }
        catch (Contracts.ServiceCtlException)
        {
            return null;
        }
    }

    /// <summary>
    /// Makes every new connection to the address go to the socket that joined it as number <paramref name="index"/>, by a program of
    /// one instruction: return the index. socket(7), SO_ATTACH_REUSEPORT_CBPF.
    /// </summary>
    public unsafe void Steer(int index)
    {
        var instruction = stackalloc byte[8];
        BinaryPrimitives.WriteUInt16LittleEndian(new Span<byte>(instruction, 2), 0x06);   // BPF_RET | BPF_K
        BinaryPrimitives.WriteInt32LittleEndian(new Span<byte>(instruction + 4, 4), index);
        Span<byte> program = stackalloc byte[16];
        BinaryPrimitives.WriteUInt16LittleEndian(program, 1);
        MemoryMarshal.Write(program[8..], (nint)instruction);
        Socket.SetRawSocketOption(SocketLevel, AttachReusePortProgram, program);
    }

    /// <summary>Connections that the kernel has taken and nobody has accepted yet.</summary>
    public int CountWaiting()
    {
        Span<byte> info = stackalloc byte[104];
        Socket.GetRawSocketOption(TcpLevel, TcpInfo, info);
        return BinaryPrimitives.ReadInt32LittleEndian(info[WaitingConnections..]);
    }
}
