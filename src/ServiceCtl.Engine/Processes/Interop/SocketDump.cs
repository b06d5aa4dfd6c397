using System.Buffers;
using System.Buffers.Binary;

namespace ServiceCtl.Engine.Processes.Interop;

/// <summary>
/// Asks the kernel for all sockets of a kind by netlink, as ss does. https://man7.org/linux/man-pages/man7/sock_diag.7.html
/// </summary>
internal static unsafe class SocketDump
{
    private const int HeaderLength = 16;             // struct nlmsghdr: length, type, flags, sequence, sender
    private const ushort DumpByFamily = 20;          // SOCK_DIAG_BY_FAMILY
    private const ushort RequestAll = 0x301;         // NLM_F_REQUEST | NLM_F_DUMP
    private const ushort Failure = 2;                // NLMSG_ERROR
    private const ushort End = 3;                    // NLMSG_DONE
    private const int RoomForAnswer = 64 * 1024;     // what the kernel puts into one datagram is half of it

    /// <summary>Takes the description of one socket.</summary>
    internal delegate void Taker(ReadOnlySpan<byte> description);

    /// <param name="question">An inet_diag_req_v2 or unix_diag_req.</param>
    /// <param name="take">Gets each answer, without netlink's header.</param>
    /// <returns>False where the kernel can't tell: it was built without, or a sandbox is in between.</returns>
    internal static bool TryRead(ReadOnlySpan<byte> question, Taker take)
    {
        int number = Libc.OpenSocket(LinuxConstants.FamilyNetlink, LinuxConstants.SocketRaw, LinuxConstants.SocketDiagnosis);
        if (number < 0)
            return false;
        using Descriptor socket = new(number);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(RoomForAnswer);
        try
        {
            return Ask(socket, question) && TakeAll(socket, buffer, take);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool Ask(Descriptor socket, ReadOnlySpan<byte> question)
    {
        Span<byte> message = stackalloc byte[HeaderLength + question.Length];
        message.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(message, message.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(message[4..], DumpByFamily);
        BinaryPrimitives.WriteUInt16LittleEndian(message[6..], RequestAll);
        question.CopyTo(message[HeaderLength..]);
        fixed (byte* start = message)
            return Libc.Write(socket, start, message.Length) == message.Length;
    }

    private static bool TakeAll(Descriptor socket, byte[] buffer, Taker take)
    {
        while (true)
        {
            int length;
            fixed (byte* start = buffer)
                length = (int)Libc.Read(socket, start, buffer.Length);
            if (length < HeaderLength)
                return false;
            ReadOnlySpan<byte> rest = buffer.AsSpan(0, length);
            while (rest.Length >= HeaderLength)
            {
                int size = BinaryPrimitives.ReadInt32LittleEndian(rest);
                ushort type = BinaryPrimitives.ReadUInt16LittleEndian(rest[4..]);
                if (type == End)
                    return true;
                if (type == Failure || size < HeaderLength || size > rest.Length)
                    return false;
                take(rest[HeaderLength..size]);
                rest = rest[Math.Min((size + 3) & ~3, rest.Length)..];
            }
        }
    }
}
