using System.CommandLine;
using ServiceCtl.Client;

namespace ServiceCtl.Host.Commands;

/// <summary>Options that several config commands take.</summary>
internal static class SharedConfigOptions
{
    public static Option<string[]> Set()
    {
        var option = new Option<string[]>("--set") { Description = "Try a value that overrides all sources. May be repeated.", HelpName = "key=value" };
        option.CompletionSources.Add(_ => ConfigurationVerbs.Keys.Select(key => key.Key + "="));
        return option;
    }

    public static Option<bool> Reveal() => new("--reveal") { Description = "Show secrets as they are." };

    public static Option<string?> Of() => OptionValues.FilePath(
        "--of", "A service's folder or configuration file: include its own keys (config.schema.yaml).", "path");
}
