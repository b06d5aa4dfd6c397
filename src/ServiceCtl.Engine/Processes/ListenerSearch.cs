using System.Net;
using System.Net.Sockets;
using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>
/// Gets a listening socket back from the processes that have it. It is known by what the kernel says of it, never by its number: servers
/// duplicate what was passed to them and close the original, and the number becomes that of something else (gunicorn: a worker's temporary
/// file).
/// </summary>
internal static unsafe class ListenerSearch
{
    private const int LongestAddress = 110;   // sockaddr_un, the longest of the three
    private const int Family = 2;
    private const int InternetAddress = 4;    // sin_addr
    private const int Internet6Address = 8;   // sin6_addr

    /// <param name="pids">Asked one after the other. One that has ended meanwhile is passed over.</param>
    /// <param name="address">Where the socket listens; on a Unix socket also by a name beside it.</param>
    /// <returns>A duplicate. Null when none of them listens there, or the kernel does not let us have it: yama, another user's process.
    /// Linux 5.6.</returns>
    public static Socket? TryTake(IEnumerable<int> pids, EndPoint address)
    {
        foreach (int pid in pids)
        {
            try
            {
                if (GuardedReads.Of(pid, null, other => TryTake(other, address)) is { } found)
                    return found;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or ServiceCtlException)
            {
                // It has ended, or may not be looked into; another one may have the socket too.
            }
        }

        return null;
    }

    private static Socket? TryTake(int pid, EndPoint address)
    {
        using Descriptor? process = PidFd.Open(pid);
        if (process is null)
            return null;
        foreach (int number in SocketOwners.SocketsOf(pid))
        {
            if (TryTake(process, pid, number) is not { } taken)
                continue;
            if (ListensOn(taken, address))
                return new Socket(taken);
            taken.Dispose();
        }

        return null;
    }

    /// <returns>Null when it was closed since it was listed.</returns>
    private static SafeSocketHandle? TryTake(Descriptor process, int pid, int number)
    {
        try
        {
            return new SafeSocketHandle(PidFd.TakeDescriptor(process, pid, number), ownsHandle: true);
        }
        catch (ServiceCtlException gone) when (gone.Code is ErrorCode.System)
        {
            return null;
        }
    }

    internal static bool ListensOn(SafeSocketHandle socket, EndPoint address)
    {
        int accepts = 0;
        uint size = sizeof(int);
        if (Libc.GetSocketOption(socket, LinuxConstants.SocketLevel, LinuxConstants.AcceptsConnections, &accepts, &size) != 0
            || accepts == 0)
            return false;

        byte* buffer = stackalloc byte[LongestAddress];
        uint length = LongestAddress;
        if (Libc.GetSocketName(socket, buffer, &length) != 0)
            return false;
        ReadOnlySpan<byte> name = new(buffer, (int)Math.Min(length, LongestAddress));
        return address switch
        {
            IPEndPoint wanted => Matches(name, wanted),
            UnixDomainSocketEndPoint or PersistentUnixEndPoint => Matches(name, address.ToString()!),
            _ => false,
        };
    }

    private static bool Matches(ReadOnlySpan<byte> name, IPEndPoint wanted)
    {
        byte[] bytes = wanted.Address.GetAddressBytes();
        int at = bytes.Length == 16 ? Internet6Address : InternetAddress;
        AddressFamily family = FamilyOf(name);
        return family == wanted.AddressFamily
            && (name[2] << 8 | name[3]) == wanted.Port
            && name.Slice(at, bytes.Length).SequenceEqual(bytes);
    }

    private static bool Matches(ReadOnlySpan<byte> name, string path) =>
        FamilyOf(name) == AddressFamily.Unix && UnixSocketBeside.Belongs(Encoding.UTF8.GetString(name[Family..].TrimEnd((byte)0)), path);

    private static AddressFamily FamilyOf(ReadOnlySpan<byte> name) => (name.Length < Family ? 0 : name[0] | name[1] << 8) switch
    {
        1 => AddressFamily.Unix,
        2 => AddressFamily.InterNetwork,
        10 => AddressFamily.InterNetworkV6,
        _ => AddressFamily.Unknown,
    };
}
