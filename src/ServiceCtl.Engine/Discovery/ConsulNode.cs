namespace ServiceCtl.Engine.Discovery;

/// <summary>A host that a Consul agent runs on.</summary>
public sealed record ConsulNode
{
    public string Address { get; init; } = "";
}
