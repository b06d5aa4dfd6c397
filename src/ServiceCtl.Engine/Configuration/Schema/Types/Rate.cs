namespace ServiceCtl.Engine.Configuration.Schema.Types;

/// <summary>So many events within a time: <c>5 in 1m</c>.</summary>
public readonly record struct Rate(int Count, TimeSpan Window);
