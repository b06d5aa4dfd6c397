using System.CommandLine;
using ServiceCtl.Engine;

namespace ServiceCtl.Host.Commands;

/// <summary>Options that several config commands take.</summary>
internal static class SharedConfigOptions
{
    public static Option<string[]> Set()
    {
        var option = new Option<string[]>("--set") { Description = "A value over all other sources, for this look only.", HelpName = "key=value" };
        option.CompletionSources.Add(_ => ServiceManager.ConfigurationKeys.Select(key => key.Key + "="));
        return option;
    }

    public static Option<bool> Reveal() => new("--reveal") { Description = "Show secrets as they are." };

    public static Option<string?> Of() => new("--of")
    {
        Description = "Folder or configuration file of a service whose own schema (config.schema.yaml) is to be in it.",
        HelpName = "path",
    };
}
