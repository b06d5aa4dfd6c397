using System.Diagnostics.CodeAnalysis;

namespace ServiceCtl.Engine.Configuration.Formats.Yaml;

/// <summary>The tags that are understood.</summary>
[SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "The words of YAML.")]
internal enum YamlTagKind
{
    None,
    Join,
    Text,
    Integer,
    Float,
    Boolean,
    Null,
    Collection,
    Unknown,
}
