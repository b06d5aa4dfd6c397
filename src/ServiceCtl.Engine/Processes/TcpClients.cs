using System.Buffers.Binary;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>
/// TCP sockets as the kernel describes them on request. https://man7.org/linux/man-pages/man7/sock_diag.7.html, linux/inet_diag.h
/// </summary>
internal static class TcpClients
{
    internal const int Established = 1;
    internal const int HandshakeBegun = 3;      // TCP_SYN_RECV
    internal const int ClosedByClient = 8;      // TCP_CLOSE_WAIT
    internal const int Listening = 10;

    private const int RequestLength = 56;       // struct inet_diag_req_v2
    private const int DescriptionLength = 72;   // struct inet_diag_msg, before its attributes
    private const int TcpInfo = 2;              // INET_DIAG_INFO

    /// <summary>The kernel counts these times in ticks, of up to 10 ms: of two that are as young, either may be the later one.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    /// <summary>Longer than any server that streams pauses; one that pauses longer looks idle.</summary>
    private static readonly TimeSpan Stream = TimeSpan.FromSeconds(1);

    /// <summary>Takes the state, the inode, the local port, and for a listener how many wait to be accepted.</summary>
    internal delegate void Taker(int state, long inode, int port, int waiting, ClientConnection connection);

    /// <param name="family">IPv4 or IPv6; IPv4's connections to an IPv6 listener are of the listener's.</param>
    /// <param name="port">The local one; 0 for all.</param>
    /// <param name="states">Which are asked for.</param>
    /// <param name="take">Gets each.</param>
    internal static bool TryRead(int family, int port, ReadOnlySpan<int> states, Taker take)
    {
        Span<byte> question = stackalloc byte[RequestLength];
        question.Clear();
        question[0] = (byte)family;
        question[1] = LinuxConstants.ProtocolTcp;
        question[2] = 1 << (TcpInfo - 1);
        uint mask = 0;
        foreach (int state in states)
            mask |= 1u << state;
        BinaryPrimitives.WriteUInt32LittleEndian(question[4..], mask);
        BinaryPrimitives.WriteUInt16BigEndian(question[8..], (ushort)port);
        question[48..].Fill(0xFF);
        return SocketDump.TryRead(question, socket => Take(socket, take));
    }

    /// <summary>What a connection's figures tell. All times are ages.</summary>
    internal static ClientConnection Judge(
        ulong id, bool isOpen, bool isUnread, bool isUnsent, TimeSpan sent, TimeSpan received, bool hasReceived, bool hasSent)
    {
        // Without an answer the time of the last one is that of the connection's beginning.
        bool awaitsFirst = !hasSent && (hasReceived || isOpen);
        bool awaitsNext = hasSent && (received < sent || (received == sent && sent < Tick));
        bool isStreaming = hasSent && received > Stream && sent < Stream;
        return new ClientConnection(id, isUnread || isUnsent || awaitsFirst || awaitsNext || isStreaming, hasSent,
            received < sent ? received : sent);
    }

    private static void Take(ReadOnlySpan<byte> socket, Taker take)
    {
        if (socket.Length < DescriptionLength)
            return;
        int state = socket[1];
        ulong id = BinaryPrimitives.ReadUInt64LittleEndian(socket[44..]);
        int unread = BinaryPrimitives.ReadInt32LittleEndian(socket[56..]);
        int unsent = BinaryPrimitives.ReadInt32LittleEndian(socket[60..]);
        // The end that the client has sent is counted among what was not read.
        bool isUnread = unread > (state == ClosedByClient ? 1 : 0);
        ReadOnlySpan<byte> info = SocketAttribute.Find(socket[DescriptionLength..], TcpInfo);
        ClientConnection connection = info.Length < 160
            ? new ClientConnection(id, IsOwed: true, WasAnswered: true, TimeSpan.Zero)
            : Judge(
                id, isOpen: state == Established, isUnread, unsent > 0, Age(info[44..]), Age(info[52..]),
                hasReceived: BinaryPrimitives.ReadInt32LittleEndian(info[152..]) > 0,
                hasSent: BinaryPrimitives.ReadInt32LittleEndian(info[156..]) > 0);
        take(
            state, BinaryPrimitives.ReadUInt32LittleEndian(socket[68..]), BinaryPrimitives.ReadUInt16BigEndian(socket[4..]),
            state == Listening ? unread : 0, connection);
    }

    private static TimeSpan Age(ReadOnlySpan<byte> milliseconds) =>
        TimeSpan.FromMilliseconds(BinaryPrimitives.ReadUInt32LittleEndian(milliseconds));
}
