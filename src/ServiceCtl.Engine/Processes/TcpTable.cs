using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Net;

namespace ServiceCtl.Engine.Processes;

/// <summary>
/// The text of /proc/net/tcp and tcp6. Addresses are 32-bit words in the machine's byte order (little-endian here), each printed as a
/// number; ports are plain numbers: https://docs.kernel.org/networking/proc_net_tcp.html
/// </summary>
internal static class TcpTable
{
    private const byte Listen = 0x0A;
    private const int LocalAddress = 1;
    private const int State = 3;
    private const int Uid = 7;
    private const int Inode = 9;

    internal static IEnumerable<TcpSocket> Listeners(byte[] table)
    {
        List<TcpSocket> listeners = [];
        foreach (Range range in table.AsSpan().Split((byte)'\n'))
        {
            if (TryParse(table.AsSpan()[range]) is { } listener)
                listeners.Add(listener);
        }

        return listeners;
    }

    internal static TcpSocket? TryParse(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> local = Column(line, LocalAddress);
        int colon = local.IndexOf((byte)':');
        if (colon < 0
            || !byte.TryParse(Column(line, State), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out byte state)
            || state != Listen
            || !int.TryParse(local[(colon + 1)..], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out int port)
            || !Utf8Parser.TryParse(Column(line, Uid), out int uid, out _)
            || !Utf8Parser.TryParse(Column(line, Inode), out long inode, out _)
            || ParseAddress(local[..colon]) is not { } address)
        {
            return null;
        }

        return new TcpSocket(address, port, uid, inode);
    }

    private static IPAddress? ParseAddress(ReadOnlySpan<byte> words)
    {
        if (words.Length is not (8 or 32))
            return null;
        Span<byte> bytes = stackalloc byte[words.Length / 2];
        for (int i = 0; i < bytes.Length; i += 4)
        {
            if (!uint.TryParse(words.Slice(i * 2, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out uint word))
                return null;
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[i..], word);
        }

        IPAddress address = new(bytes);
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    private static ReadOnlySpan<byte> Column(ReadOnlySpan<byte> line, int number)
    {
        line = line.TrimStart((byte)' ');
        for (int i = 0; i < number; i++)
        {
            int blank = line.IndexOf((byte)' ');
            if (blank < 0)
                return default;
            line = line[blank..].TrimStart((byte)' ');
        }

        int end = line.IndexOf((byte)' ');
        return end < 0 ? line : line[..end];
    }
}
