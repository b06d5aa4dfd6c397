namespace ServiceCtl.Contracts;

/// <summary>A daemon that is to become a unit.</summary>
public sealed record DaemonUnitRequest
{
    public required string Name { get; init; }

    /// <summary>Absolute path of the program, or of a .ps1 or .py script, which pwsh or python3 runs.</summary>
    public required string Program { get; init; }

    public IReadOnlyList<string> Arguments { get => field ?? []; init; }

    /// <summary>
    /// The folder of the PowerShell that is to run a .ps1 script, its <c>$PSHOME</c>; null for the one that is found on this host.
    /// </summary>
    public string? PowerShellHome { get; init; }

    /// <summary>The user it runs as; null for root.</summary>
    public string? User { get; init; }
}
