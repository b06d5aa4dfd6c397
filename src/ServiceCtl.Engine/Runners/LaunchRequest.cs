using System.Net.Sockets;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners;

/// <summary>What a runner is asked to launch.</summary>
public sealed record LaunchRequest
{
    /// <summary>Where a held socket is passed to: the first descriptor after the standard ones, as systemd does it.</summary>
    public const int SocketDescriptor = 3;

    private const string PidFileName = "pid";

    public required ServiceDefinition Definition { get; init; }

    /// <summary>A folder that belongs to this launch alone: pid file, sockets, generated configuration. It exists.</summary>
    public required string RunFolder { get; init; }

    /// <summary>Which of the generation's processes this is, from 0.</summary>
    public int Instance { get; init; }

    /// <summary>Is a listening socket passed as <see cref="SocketDescriptor"/>?</summary>
    public required bool HasSocket { get; init; }

    /// <summary>
    /// Opens a connection that reaches the passed socket itself, whoever else serves the address. Null where no socket is passed,
    /// where generations share one (on a Unix socket), and for a launch that is only recognised.
    /// </summary>
    public Func<CancellationToken, Task<NetworkStream>>? Connect { get; init; }

    /// <summary>Gets the main process's pid when it was spawned. Servers that write one themselves write the same there.</summary>
    public string PidFile => PidFileOf(RunFolder);

    public static string PidFileOf(string runFolder) => Path.Combine(runFolder, PidFileName);
}
