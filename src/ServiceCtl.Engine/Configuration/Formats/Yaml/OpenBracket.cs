using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Formats.Yaml;

/// <summary>A <c>[</c> or <c>{</c> that is not closed yet.</summary>
internal sealed record OpenBracket(Origin Origin, bool IsList);
