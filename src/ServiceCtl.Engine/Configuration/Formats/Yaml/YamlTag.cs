using ServiceCtl.Engine.Configuration.Values;
using YamlDotNet.Core;

namespace ServiceCtl.Engine.Configuration.Formats.Yaml;

/// <summary>Reads tags: <c>!join</c>, and those of YAML's own that a configuration has use for.</summary>
internal static class YamlTag
{
    private const string Core = "tag:yaml.org,2002:";

    public static YamlTagKind Of(TagName tag)
    {
        if (tag.IsEmpty)
            return YamlTagKind.None;
        return tag.IsNonSpecific ? YamlTagKind.Text : tag.Value switch
        {
            "!join" => YamlTagKind.Join,
            Core + "str" or Core + "timestamp" => YamlTagKind.Text,
            Core + "int" => YamlTagKind.Integer,
            Core + "float" => YamlTagKind.Float,
            Core + "bool" => YamlTagKind.Boolean,
            Core + "null" => YamlTagKind.Null,
            Core + "seq" or Core + "map" => YamlTagKind.Collection,
            _ => YamlTagKind.Unknown,
        };
    }

    /// <summary>The kind a tag asks for; null where it leaves it to the text.</summary>
    public static ScalarKind? ScalarKind(YamlTagKind tag) => tag switch
    {
        YamlTagKind.Text => Configuration.Values.ScalarKind.Text,
        YamlTagKind.Integer => Configuration.Values.ScalarKind.Integer,
        YamlTagKind.Float => Configuration.Values.ScalarKind.Float,
        YamlTagKind.Boolean => Configuration.Values.ScalarKind.Boolean,
        YamlTagKind.Null => Configuration.Values.ScalarKind.Null,
        _ => null,
    };

    /// <summary>As people write it: <c>!!str</c>.</summary>
    public static string Display(TagName tag) =>
        tag.IsEmpty ? "" : tag.Value.StartsWith(Core, StringComparison.Ordinal) ? $"!!{tag.Value[Core.Length..]}" : tag.Value;
}
