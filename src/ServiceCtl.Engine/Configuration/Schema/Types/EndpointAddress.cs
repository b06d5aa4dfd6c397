namespace ServiceCtl.Engine.Configuration.Schema.Types;

/// <summary>Where something listens: a host and port, or the path of a Unix socket.</summary>
public sealed record EndpointAddress
{
    /// <summary>A name or IP address, IPv6 without its brackets; null where only a port was written, and for a Unix socket.</summary>
    public string? Host { get; init; }

    /// <summary>1 to 65535; null for a Unix socket.</summary>
    public int? Port { get; init; }

    /// <summary>Absolute; null for TCP.</summary>
    public string? SocketPath { get; init; }

    /// <summary>Who may connect; null for TCP, and where nothing was said of it.</summary>
    public SocketPermissions? Permissions { get; init; }

    public override string ToString() => SocketPath ?? (Host?.Contains(':') is true ? $"[{Host}]:{Port}" : $"{Host}:{Port}");
}
