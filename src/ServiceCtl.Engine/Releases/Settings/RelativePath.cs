using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Releases.Settings;

/// <summary>Paths that don't lead out of the folder that they are relative to.</summary>
internal static class RelativePath
{
    public static ConfigType<string> Type { get; } = new ScalarType<string>(
        "relative path", "a path without `..` that is relative", "folder/file", """{"type": "string", "minLength": 1}""", Read);

    private static string? Read(ConfigScalar scalar, ConversionContext context, out string result)
    {
        result = Path.TrimEndingDirectorySeparator(scalar.Text);
        return result.Length == 0 || Path.IsPathRooted(result) || result.Split('/').Contains("..") ? "" : null;
    }
}
