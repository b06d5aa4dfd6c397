namespace ServiceCtl.Contracts;

/// <summary>Another host, and how OpenSSH reaches it. What is null here, ssh_config says.</summary>
public sealed record PyServiceHost
{
    /// <summary>As it was asked for: a name of ssh_config or of the network, with a user and a port where these belong to it.</summary>
    public required string HostName { get; init; }

    /// <summary>What is handed to <c>ssh</c>.</summary>
    public required string Address { get; init; }

    public string? UserName { get; init; }

    public int? Port { get; init; }

    public string? KeyFilePath { get; init; }

    /// <summary>Options of OpenSSH's client, as in ssh_config.</summary>
    public IReadOnlyDictionary<string, string>? Options { get; init; }

    /// <summary>How long it may take until the command over there answers.</summary>
    public TimeSpan? ConnectingTimeout { get; init; }

    /// <summary>Ask root's agent over there, which the user becomes root for by <c>sudo -n</c>.</summary>
    public bool Sudo { get; init; }

    /// <summary>The version of the command over there; null as long as nobody has asked it.</summary>
    public string? Version { get; init; }

    public override string ToString() => HostName;
}
