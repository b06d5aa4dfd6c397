using System.Diagnostics.CodeAnalysis;

namespace ServiceCtl.Engine.Configuration.Values;

/// <summary>What a scalar is by the rules of the format it was written in.</summary>
[SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "The words of YAML, JSON and TOML.")]
public enum ScalarKind
{
    Null,
    Boolean,
    Integer,
    Float,
    Text,
}
