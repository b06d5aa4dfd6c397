using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Formats.Env;

/// <summary>A variable of the environment or of an <c>.env</c> file.</summary>
/// <param name="Name">As written: <c>APP__DB__HOST</c>.</param>
/// <param name="Text">Without quotes and escapes.</param>
/// <param name="IsQuoted">Written in quotes, so that it is text whatever it looks like.</param>
/// <param name="Origin">Where it was written.</param>
internal sealed record Variable(string Name, string Text, bool IsQuoted, Origin Origin);
