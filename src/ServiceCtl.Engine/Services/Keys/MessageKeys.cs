using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;

namespace ServiceCtl.Engine.Services.Keys;

/// <summary>Whether messages are coloured: keys of the predecessor's.</summary>
public static class MessageKeys
{
    internal static KeyList All { get; } = new();

    public static SchemaKey<bool> ColorLogsScreen { get; } = All.Add(new SchemaKey<bool>(
        "COLOR_LOGS_SCREEN", ConfigTypes.Boolean,
        "Whether messages on a terminal are coloured.")
    {
        Effect = ConfigChangeEffect.None,
        Default = "true",
    });

    public static SchemaKey<bool> ColorLogsFiles { get; } = All.Add(new SchemaKey<bool>(
        "COLOR_LOGS_FILES", ConfigTypes.Boolean,
        "Whether messages in files are coloured.")
    {
        Effect = ConfigChangeEffect.None,
        Default = "false",
    });
}
