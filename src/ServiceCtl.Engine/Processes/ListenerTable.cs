using System.Net;

namespace ServiceCtl.Engine.Processes;

/// <summary>Everything that listens in this network namespace at one moment, read once and asked often.</summary>
public sealed class ListenerTable
{
    private readonly ILookup<int, TcpSocket> _byPort;
    private readonly HashSet<string> _paths;

    private ListenerTable(ILookup<int, TcpSocket> byPort, HashSet<string> paths)
    {
        _byPort = byPort;
        _paths = paths;
    }

    public static ListenerTable Read() => new(TcpListeners.ReadAll().ToLookup(socket => socket.Port), UnixListeners.ReadPaths());

    /// <inheritdoc cref="TcpListeners.IsListening(IPEndPoint)"/>
    public bool IsListening(IPEndPoint endpoint) => TcpListeners.Matching(_byPort[endpoint.Port], endpoint).Count > 0;

    /// <inheritdoc cref="UnixListeners.IsListening(string)"/>
    public bool IsListening(string path) => _paths.Contains(path);
}
