namespace ServiceCtl.Engine.Discovery;

/// <summary>What Consul said, and the index to wait from for the next change.</summary>
/// <param name="Value">The answer.</param>
/// <param name="Index">X-Consul-Index; 0 where there was none, which asks without waiting.</param>
public sealed record ConsulAnswer<T>(T Value, ulong Index);
