using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners;

/// <summary>What a runner is asked to launch.</summary>
public sealed record LaunchRequest
{
    /// <summary>Where a held socket is passed to: the first descriptor after the standard ones, as systemd does it.</summary>
    public const int SocketDescriptor = 3;

    public required ServiceDefinition Definition { get; init; }

    /// <summary>A folder that belongs to this launch alone: pid file, sockets, generated configuration. It exists.</summary>
    public required string RunFolder { get; init; }

    /// <summary>Is a listening socket passed as <see cref="SocketDescriptor"/>?</summary>
    public required bool HasSocket { get; init; }
}
