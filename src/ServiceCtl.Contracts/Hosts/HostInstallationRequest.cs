namespace ServiceCtl.Contracts;

/// <summary>How the command is put onto hosts.</summary>
public sealed record HostInstallationRequest
{
    /// <summary>The command that is sent; null for the one that is asked.</summary>
    public string? Command { get; init; }

    /// <summary>Have the agent there start at boot.</summary>
    public bool AtBoot { get; init; }

    /// <summary>Only say what would be done.</summary>
    public bool DryRun { get; init; }
}
