namespace ServiceCtl.Engine.Configuration.Schema;

/// <summary>The converted value of a key.</summary>
/// <param name="Value">As the key's type reads it.</param>
/// <param name="IsSet">False for a default.</param>
internal sealed record BoundValue(object Value, bool IsSet);
