namespace ServiceCtl.Contracts;

/// <summary>Something that happened to a service.</summary>
public sealed record ServiceEvent
{
    public required DateTimeOffset Time { get; init; }

    public required string Service { get; init; }

    public required ServiceEventKind Kind { get; init; }

    public required string Message { get; init; }

    /// <summary>The keys that changed, with <see cref="ServiceEventKind.ConfigChanged"/>; null with the others.</summary>
    public IReadOnlyList<ConfigChange>? Changes { get; init; }

    public override string ToString() => $"{Time:yyyy-MM-dd HH:mm:ss} {Service} {Kind}: {Message}";
}
