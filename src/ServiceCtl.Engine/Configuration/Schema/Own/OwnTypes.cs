using ServiceCtl.Engine.Configuration.Schema.Types;

namespace ServiceCtl.Engine.Configuration.Schema.Own;

/// <summary>The types that a service's own schema can name.</summary>
internal static class OwnTypes
{
    private static readonly Dictionary<string, ConfigType> Types = new(StringComparer.Ordinal)
    {
        ["text"] = ConfigTypes.Text,
        ["integer"] = ConfigTypes.LongInteger(long.MinValue, long.MaxValue),
        ["number"] = ConfigTypes.Number(double.MinValue, double.MaxValue),
        ["boolean"] = ConfigTypes.Boolean,
        ["duration"] = ConfigTypes.Duration,
        ["size"] = ConfigTypes.Size,
        ["percentage"] = ConfigTypes.Percentage,
        ["rate"] = ConfigTypes.Rate,
        ["path"] = ConfigTypes.FilePath,
        ["path or URL"] = ConfigTypes.HttpTarget,
        ["address"] = ConfigTypes.Address,
        ["regex"] = ConfigTypes.Pattern,
        ["glob"] = ConfigTypes.Glob,
        ["signal"] = ConfigTypes.Signal,
        ["map of text"] = ConfigTypes.TextMap,
        ["anything"] = ConfigTypes.Anything,
    };

    public static IReadOnlyCollection<string> Names => Types.Keys;

    public static ConfigType? Find(string name) => Types.GetValueOrDefault(name);
}
