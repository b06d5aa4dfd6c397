using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Schema.Own;

/// <summary>A default or example that its own type refuses is reported where it is written, in the schema, and not used.</summary>
internal static class OwnKeyCheck
{
    /// <returns>The value; null when there is none, or it is wrong.</returns>
    public static ConfigValue? Right(string path, ConfigType type, bool isSecret, ConfigValue? value, ProblemList problems)
    {
        if (value is null or { IsNull: true })
            return null;
        var context = new ConversionContext(path, type.Example, isSecret, "/", problems);
        return type.ConvertBoxed(value, context) is null ? null : value;
    }
}
