using System.Globalization;
using System.Net.Sockets;
using System.Reflection;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Containers.Keeping;

/// <summary>
/// Passes the agent's sockets and output into a container: over a Unix socket in a folder that is mounted there, to the shim that becomes
/// the service's program. Whoever connects has to be a process of that very container.
/// </summary>
internal sealed class SocketHandover : IDisposable
{
    /// <summary>Where the folder is inside.</summary>
    private const string Inside = "/run/servicectl";

    private const string SocketName = "socket";
    private const string ShimName = "shim.py";

    /// <summary>0666: whoever the container's user is. Nobody else gets into the folder above.</summary>
    private const UnixFileMode ForAnybody = FileModes.Readable | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>As with systemd's socket activation.</summary>
    private const int FirstDescriptor = 3;

    private readonly Socket _listener;
    private readonly int _count;

    private SocketHandover(string folder, Socket listener, int count)
    {
        Folder = folder;
        _listener = listener;
        _count = count;
    }

    /// <summary>To be mounted at its place.</summary>
    public string Folder { get; }

    public string Mount => $"{Folder}:{Inside}:ro";

    /// <summary>Has somebody been passed them?</summary>
    public bool IsDone { get; private set; }

    /// <param name="runFolder">Of the launch; nobody else can look into it.</param>
    /// <param name="count">How many sockets this process was passed from descriptor 3 on.</param>
    public static SocketHandover Prepare(string runFolder, int count)
    {
        var folder = Path.Combine(runFolder, "handover");
        Directory.CreateDirectory(folder);
        File.SetUnixFileMode(folder, FileModes.Executable);
        var shim = Path.Combine(folder, ShimName);
        using (var source = Assembly.GetExecutingAssembly().GetManifestResourceStream(ShimName)!)
        using (var file = new FileStream(shim, FileMode.Create, FileAccess.Write))
            source.CopyTo(file);
        File.SetUnixFileMode(shim, FileModes.Readable);

        var path = Path.Combine(folder, SocketName);
        File.Delete(path);
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        File.SetUnixFileMode(path, ForAnybody);
        listener.Listen();
        return new(folder, listener, count);
    }

    /// <summary>What the container runs: the shim, which becomes the program.</summary>
    public IReadOnlyList<string> Wrap(IReadOnlyList<string> program) =>
    [
        "python3", "-ISB", $"{Inside}/{ShimName}", $"{Inside}/{SocketName}",
        _count.ToString(CultureInfo.InvariantCulture), .. program,
    ];

    /// <summary>Waits for the shim, and passes everything on.</summary>
    /// <param name="isOfContainer">Is this process one of the container's?</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task PassAsync(Func<int, bool> isOfContainer, CancellationToken cancellation)
    {
        int[] descriptors = [1, 2, .. Enumerable.Range(FirstDescriptor, _count)];
        while (!IsDone)
        {
            using var peer = await _listener.AcceptAsync(cancellation);
            if (!isOfContainer(PeerCredentials.Of(peer).Pid))
                continue;
            DescriptorPassing.Send(peer, descriptors);
            IsDone = true;
        }
    }

    public void Dispose() => _listener.Dispose();
}
