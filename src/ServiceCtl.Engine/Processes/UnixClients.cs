using System.Buffers.Binary;
using System.Text;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>
/// Unix sockets as the kernel describes them on request. https://man7.org/linux/man-pages/man7/sock_diag.7.html, linux/unix_diag.h
/// </summary>
internal static class UnixClients
{
    private const int RequestLength = 24;       // struct unix_diag_req
    private const int DescriptionLength = 16;   // struct unix_diag_msg, before its attributes
    private const uint Shown = 0x13;            // UDIAG_SHOW_NAME, _VFS, _RQLEN
    private const int Name = 0;                 // UNIX_DIAG_NAME
    private const int BoundFile = 1;            // UNIX_DIAG_VFS
    private const int Queue = 4;                // UNIX_DIAG_RQLEN

    /// <summary>Takes what is known of a socket. Those without a name are left out.</summary>
    internal delegate void Taker(UnixSocket socket);

    internal static bool TryRead(Taker take)
    {
        Span<byte> question = stackalloc byte[RequestLength];
        question.Clear();
        question[0] = LinuxConstants.FamilyUnix;
        BinaryPrimitives.WriteUInt32LittleEndian(question[4..], (1 << TcpClients.Established) | (1 << TcpClients.Listening));
        BinaryPrimitives.WriteUInt32LittleEndian(question[12..], Shown);
        question[16..].Fill(0xFF);
        return SocketDump.TryRead(question, socket => Take(socket, take));
    }

    private static void Take(ReadOnlySpan<byte> socket, Taker take)
    {
        if (socket.Length < DescriptionLength)
            return;
        ReadOnlySpan<byte> name = SocketAttribute.Find(socket[DescriptionLength..], Name);
        if (name.Length == 0)
            return;
        ReadOnlySpan<byte> file = SocketAttribute.Find(socket[DescriptionLength..], BoundFile);
        ReadOnlySpan<byte> queue = SocketAttribute.Find(socket[DescriptionLength..], Queue);
        take(new UnixSocket(
            socket[2],
            BinaryPrimitives.ReadUInt32LittleEndian(socket[4..]),
            Encoding.UTF8.GetString(name),
            BinaryPrimitives.ReadUInt64LittleEndian(socket[8..]),
            queue.IsEmpty ? 0 : BinaryPrimitives.ReadInt32LittleEndian(queue),
            file.IsEmpty ? null : BinaryPrimitives.ReadUInt32LittleEndian(file)));
    }
}
