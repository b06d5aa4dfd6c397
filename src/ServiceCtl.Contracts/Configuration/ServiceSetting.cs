namespace ServiceCtl.Contracts;

/// <summary>One value of a service's configuration, and where it comes from.</summary>
public sealed record ServiceSetting
{
    /// <summary>The service's name; null for a configuration that is not registered.</summary>
    public string? Service { get; init; }

    /// <summary>Dotted, from the root: <c>service.ready.timeout</c>.</summary>
    public required string Key { get; init; }

    /// <summary>
    /// What counts: a bool, a number (sizes in bytes), a TimeSpan, text (paths are absolute), or an array of those. A secret is masked.
    /// </summary>
    public object? Value { get; init; }

    /// <summary>The same as it was written, in one line.</summary>
    public string? Text { get; init; }

    /// <summary>What the key holds, in the words of the reference; null for a key that no schema knows.</summary>
    public string? Type { get; init; }

    /// <summary>The file, or <c>environment</c>, <c>command line</c>, <c>default</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The variable that gave it, where it was one.</summary>
    public string? Variable { get; init; }

    /// <summary>From 1; null where the source has no lines.</summary>
    public int? Line { get; init; }

    /// <summary>From 1; null where the source has no columns.</summary>
    public int? Column { get; init; }

    /// <summary>The source with its line and column, as editors understand it.</summary>
    public required string Place { get; init; }

    /// <summary>Nobody wrote it.</summary>
    public bool IsDefault { get; init; }

    /// <summary>By its name, or by a schema.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Another source's value counts instead.</summary>
    public bool IsOverridden { get; init; }

    /// <summary>What lower sources say, the next lower first.</summary>
    public IReadOnlyList<ServiceSetting> Overridden { get => field ?? []; init; }

    /// <summary>The host it is from, as it was asked for; null for this one.</summary>
    public string? HostName { get; init; }
}
