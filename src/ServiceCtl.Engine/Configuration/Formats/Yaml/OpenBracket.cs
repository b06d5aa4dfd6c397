namespace ServiceCtl.Engine.Configuration;

/// <summary>A <c>[</c> or <c>{</c> that is not closed yet.</summary>
internal sealed record OpenBracket(Origin Origin, bool IsList);
