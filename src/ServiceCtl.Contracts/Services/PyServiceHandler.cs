namespace ServiceCtl.Contracts;

/// <summary>A handler inside a service.</summary>
public sealed record PyServiceHandler
{
    /// <summary>What it handles: <c>GET /orders/{id}</c>, <c>every 30s</c>, <c>amqp orders</c>, a name.</summary>
    public required string Event { get; init; }

    /// <summary>Module and function.</summary>
    public string? Name { get; init; }

    /// <summary>File and line.</summary>
    public string? Place { get; init; }

    public override string ToString() => Name is null ? Event : $"{Event}: {Name}";
}
