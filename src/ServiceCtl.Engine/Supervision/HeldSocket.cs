using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Health;
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

    private const ushort LoadWord = 0x20;            // BPF_LD | BPF_W | BPF_ABS
    private const ushort LoadHalf = 0x28;            // BPF_LD | BPF_H | BPF_ABS
    private const ushort JumpIfEqual = 0x15;         // BPF_JMP | BPF_JEQ | BPF_K
    private const ushort JumpIfNotBelow = 0x35;      // BPF_JMP | BPF_JGE | BPF_K
    private const ushort Return = 0x06;              // BPF_RET | BPF_K
    private const int NetworkHeader = -0x100000;     // SKF_NET_OFF
    private const int RandomWord = -0x1000 + 56;     // SKF_AD_OFF + SKF_AD_RANDOM

    private HeldSocket(Socket socket)
    {
        Socket = socket;
    }

    public Socket Socket { get; }

    /// <summary>Where its file is by now; null on TCP.</summary>
    public string? Path { get; private set; }

    /// <summary>Its file; null on TCP, and where it can't be told which it is.</summary>
    public FileIdentity? File { get; private set; }

    /// <summary>Has somebody deleted its file, or put another one in its place? Then nobody reaches it any more.</summary>
    public bool IsLost => Path is { } path && UnixSocketFile.Find(path) is var file && (file is null || file != File);

    /// <summary>Who may connect to it, where it is a Unix socket.</summary>
    public SocketFileAccess Access { get; private set; } = new(SocketFileAccess.Usual);

    /// <summary>Do several generations have it, because the folder of its file lets no other one take that path?</summary>
    public bool IsShared { get; set; }

    /// <summary>
    /// Opens a connection that reaches this socket, whichever serves the address. Null where that may be another generation.
    /// </summary>
    public Func<CancellationToken, Task<NetworkStream>>? Reach { get; set; }

    /// <param name="address">Where it is to listen.</param>
    /// <param name="plan">How.</param>
    /// <param name="beside">Where the file of a Unix socket is made, if not there.</param>
    /// <exception cref="SocketException">The address is taken, is not this machine's, or may not be bound.</exception>
    public static HeldSocket Open(ListenAddress address, SocketPlan plan, string? beside = null)
    {
        var socket = address.UnixPath is null
            ? new Socket(address.EndPoint!.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        FileIdentity? file = null;
        try
        {
            if ((beside ?? address.UnixPath) is { } path)
            {
                file = UnixSocketFile.Bind(socket, path, plan.Access);
            }
            else
            {
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
                socket.SetRawSocketOption(SocketLevel, ReusePort, BitConverter.GetBytes(1));
                socket.Bind(address.EndPoint!);
            }

            socket.Listen(plan.Backlog);
            // Servers that share a socket expect it to be non-blocking; the flag belongs to the open file and so to all of them.
            socket.Blocking = false;
            return new HeldSocket(socket) { Path = beside ?? address.UnixPath, File = file, Access = plan.Access };
        }
        catch
        {
            if (file is not null)
                UnixSocketFile.Remove((beside ?? address.UnixPath)!, file);
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Takes a listening socket that this process was started with (systemd's socket activation).</summary>
    /// <exception cref="SocketException">The descriptor is no socket.</exception>
    public static HeldSocket Inherited(int descriptor)
    {
        var socket = new Socket(new SafeSocketHandle(descriptor, ownsHandle: true));
        return new HeldSocket(socket) { Reach = cancellation => ConnectAsync(socket.LocalEndPoint!, cancellation) };
    }

    /// <summary>Gets the socket of an address back from a generation that has it, after the agent that opened it has ended.</summary>
    /// <returns>Null when nobody of it listens there any more, or where the kernel forbids it.</returns>
    public static HeldSocket? Recover(Generation holder, ListenAddress address, SocketFileAccess access)
    {
        EndPoint endPoint = address.UnixPath is { } path ? new PersistentUnixEndPoint(path) : address.EndPoint!;
        var mains = holder.Instances.Select(instance => instance.Process.Pid);
        if (ListenerSearch.TryTake(mains.Concat(holder.Found).Distinct(), endPoint) is not { } socket)
            return null;
        var recovered = new HeldSocket(socket) { Path = address.UnixPath, Access = access };
        if (address.UnixPath is not { } place)
            return recovered;
        // Where several were bound for that path, the file may be another's.
        if (UnixListeners.CountAt(place) == 1 && UnixSocketFile.Find(place) is { } only)
            recovered.File = only;
        else if (UnixSocketFile.FindOf(recovered.Inode, UnixSocketBeside.FilesOf(place).Prepend(place)) is { } found)
            (recovered.Path, recovered.File) = found;
        return recovered;
    }

    /// <summary>Which socket it is, whoever has a descriptor of it.</summary>
    public long Inode => (long)FileFacts.Of(Socket.SafeHandle).Identity.Inode;

    /// <summary>Puts the file of a Unix socket in the place of another's, which gets its place, or where there is none.</summary>
    /// <exception cref="ServiceCtlException">That can't be done.</exception>
    public void Publish(string path, HeldSocket? former)
    {
        var place = Path!;
        UnixSocketFile.Publish(place, path, isTaken: former is not null, Access.Maker);
        Path = path;
        if (former is not null)
            former.Path = place;
    }

    /// <summary>Gives the file of a Unix socket other permissions.</summary>
    /// <exception cref="ServiceCtlException">There is no such user or group, or the file may not be given to them.</exception>
    public void Permit(SocketFileAccess access)
    {
        if (access != Access && File is { } file)
            UnixSocketFile.Change(Path!, file, access);
        Access = access;
    }

    /// <summary>A connection to this socket, where its file is.</summary>
    public Task<NetworkStream> ConnectAsync(CancellationToken cancellation) =>
        Task.FromResult(ServiceConnection.OpenUnix(Path!, File, Access.Maker));

    /// <summary>Lets go of it, without closing it for those who have it too.</summary>
    public void Abandon() => Socket.Dispose();

    /// <summary>Closes it, and removes its file.</summary>
    public void Close()
    {
        // Before: as long as the socket is there, no other file gets the number of its own.
        if (Path is { } path)
            UnixSocketFile.Remove(path, File);
        Socket.Dispose();
    }

    /// <summary>
    /// Makes every new connection to the address go to the socket that joined it as number <paramref name="index"/>, but for the
    /// exceptions. The kernel runs the program on the packet, the data of which begins behind the TCP header, so that headers are found
    /// from the network header on. socket(7), SO_ATTACH_REUSEPORT_CBPF; linux/filter.h.
    /// </summary>
    /// <param name="index">Where connections go.</param>
    /// <param name="exception">An end point of this machine that has no other use, and where connections from it go.</param>
    /// <param name="share">Where so many percent of the others go, by chance.</param>
    public void Steer(int index, (IPEndPoint Source, int Index)? exception = null, (int Index, double Percent)? share = null)
    {
        List<ulong> program = [];
        if (exception is ({ } source, var other))
        {
            var address = source.Address.GetAddressBytes();
            var isIPv6 = address.Length == 16;
            // The last four bytes of the source address, then the source port; without IP options, which no packet to oneself has.
            program.Add(Instruction(LoadWord, NetworkHeader + (isIPv6 ? 20 : 12)));
            program.Add(Instruction(JumpIfEqual, BinaryPrimitives.ReadInt32BigEndian(address.AsSpan(^4..)), otherwise: 3));
            program.Add(Instruction(LoadHalf, NetworkHeader + (isIPv6 ? 40 : 20)));
            program.Add(Instruction(JumpIfEqual, source.Port, otherwise: 1));
            program.Add(Instruction(Return, other));
        }

        if (share is (var sharing, var percent))
        {
            var below = (uint)Math.Clamp(percent / 100 * uint.MaxValue, 0, uint.MaxValue);
            program.Add(Instruction(LoadWord, RandomWord));
            program.Add(Instruction(JumpIfNotBelow, unchecked((int)below), then: 1));
            program.Add(Instruction(Return, sharing));
        }

        program.Add(Instruction(Return, index));
        Attach(CollectionsMarshal.AsSpan(program));
    }

    /// <summary>Connections that the kernel has taken and nobody has accepted yet.</summary>
    public int CountWaiting()
    {
        Span<byte> info = stackalloc byte[104];
        Socket.GetRawSocketOption(TcpLevel, TcpInfo, info);
        return BinaryPrimitives.ReadInt32LittleEndian(info[WaitingConnections..]);
    }

    /// <summary>With one generation there is nobody else to be reached by the address.</summary>
    private static async Task<NetworkStream> ConnectAsync(EndPoint address, CancellationToken cancellation)
    {
        var target = address is IPEndPoint { Address: var any } end && (any.Equals(IPAddress.Any) || any.Equals(IPAddress.IPv6Any))
            ? new IPEndPoint(end.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Loopback : IPAddress.IPv6Loopback, end.Port)
            : address;
        var client = new Socket(target.AddressFamily, SocketType.Stream,
            target is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified);
        try
        {
            await client.ConnectAsync(target, cancellation);
            return new NetworkStream(client, ownsSocket: true);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>A sock_filter: code, two jumps (if, otherwise), operand.</summary>
    private static ulong Instruction(ushort code, int operand, byte otherwise = 0, byte then = 0) =>
        code | ((ulong)then << 16) | ((ulong)otherwise << 24) | ((ulong)(uint)operand << 32);

    private unsafe void Attach(ReadOnlySpan<ulong> instructions)
    {
        fixed (ulong* first = instructions)
        {
            // A sock_fprog: the count, padding, the pointer.
            Span<byte> program = stackalloc byte[16];
            BinaryPrimitives.WriteUInt16LittleEndian(program, (ushort)instructions.Length);
            MemoryMarshal.Write(program[8..], (nint)first);
            Socket.SetRawSocketOption(SocketLevel, AttachReusePortProgram, program);
        }
    }
}
