namespace ServiceCtl.Contracts;

/// <summary>The command on a host, as an installation has left it.</summary>
public sealed record PyServiceHostInstallation
{
    public required string HostName { get; init; }

    public required string Version { get; init; }

    public required HostInstallationChange Change { get; init; }

    /// <summary>The command itself, in a folder that is named by what is in it.</summary>
    public required string Path { get; init; }

    /// <summary>By which a shell there finds it.</summary>
    public required string Link { get; init; }

    /// <summary>What went over the network; 0 where it was there.</summary>
    public long SentBytes { get; init; }

    public TimeSpan Duration { get; init; }

    /// <summary>What is still to be done there by hand.</summary>
    public IReadOnlyList<string> Notes { get => field ?? []; init; }

    public override string ToString() => $"{HostName}: {Link}";
}
