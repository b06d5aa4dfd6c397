using System.Net.Sockets;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners;

/// <summary>What a runner is asked to launch.</summary>
public sealed record LaunchRequest
{
    /// <summary>
    /// Where the first held socket is passed to, and the others behind it: after the standard descriptors, as systemd does it.
    /// </summary>
    public const int FirstDescriptor = 3;

    private const string PidFileName = "pid";

    public required ServiceDefinition Definition { get; init; }

    /// <summary>A folder that belongs to this launch alone: pid file, sockets, generated configuration. It exists.</summary>
    public required string RunFolder { get; init; }

    /// <summary>The agent's folder.</summary>
    public string Home { get; init; } = "/";

    /// <summary>Which of the generation's processes this is, from 0.</summary>
    public int Instance { get; init; }

    /// <summary>
    /// Listening sockets that are passed from <see cref="FirstDescriptor"/> on, one for each address of the plan; 0 when it binds them
    /// itself.
    /// </summary>
    public required int Sockets { get; init; }

    public bool HasSocket => Sockets > 0;

    /// <summary>
    /// Does it serve a part of the connections beside the service's own generation? Then it tells of its requests on its output, and leaves
    /// out what must run once.
    /// </summary>
    public bool IsCanary { get; init; }

    /// <summary>
    /// Opens a connection that reaches the passed socket of the main address itself, whoever else serves the address. Null where no socket
    /// is passed, where generations share one, and for a launch that is only recognised.
    /// </summary>
    public Func<CancellationToken, Task<NetworkStream>>? Connect { get; init; }

    /// <summary>Gets the main process's pid when it was spawned. Servers that write one themselves write the same there.</summary>
    public string PidFile => PidFileOf(RunFolder);

    public static string PidFileOf(string runFolder) => Path.Combine(runFolder, PidFileName);
}
