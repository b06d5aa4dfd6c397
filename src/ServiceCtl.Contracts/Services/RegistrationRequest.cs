namespace ServiceCtl.Contracts;

/// <summary>A service to be made known to the agent.</summary>
public sealed record RegistrationRequest
{
    /// <summary>Absolute path of the service's folder, or of its configuration file.</summary>
    public required string Path { get; init; }

    /// <summary>Its name; null for the one that the configuration or the folder gives.</summary>
    public string? Name { get; init; }

    /// <summary>Where its configuration is searched, as in <see cref="ConfigQuery.Sources"/>; none: where its folder says.</summary>
    public IReadOnlyList<string> Sources { get => field ?? []; init; }

    /// <summary>It is to be started at every boot, as <see cref="BootStart.Enabled"/> says.</summary>
    public bool AtBoot { get; init; }
}
