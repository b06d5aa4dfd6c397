using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Schema.Types;

/// <summary>One line of another program's configuration.</summary>
/// <param name="Name">The option.</param>
/// <param name="Value">As written; empty where nothing was.</param>
/// <param name="Origin">The place of the value.</param>
public sealed record ProgramOption(string Name, string Value, Origin Origin);
