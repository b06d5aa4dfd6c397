namespace ServiceCtl.Contracts;

/// <summary>What a check of a service's configuration found. Nothing was changed.</summary>
public sealed record ServiceConfigCheck
{
    /// <summary>The service's name; null for a configuration that is not registered.</summary>
    public string? Service { get; init; }

    public required string ConfigPath { get; init; }

    /// <summary>Whether the service would take it; warnings don't count.</summary>
    public required bool IsValid { get; init; }

    /// <summary>Every fault, by file and place; at most 100.</summary>
    public IReadOnlyList<ConfigurationProblem> Problems { get => field ?? []; init; }

    /// <summary>What is no fault but looks like one: deprecated keys, probable slips.</summary>
    public IReadOnlyList<ConfigurationProblem> Warnings { get => field ?? []; init; }

    /// <summary>The effective values, where they were asked for and everything is right.</summary>
    public IReadOnlyList<ServiceSetting> Settings { get => field ?? []; init; }

    /// <summary>The host it is from, as it was asked for; null for this one.</summary>
    public string? HostName { get; init; }
}
