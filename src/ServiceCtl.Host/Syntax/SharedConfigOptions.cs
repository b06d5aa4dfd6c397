using System.CommandLine;
using ServiceCtl.Client;

namespace ServiceCtl.Host.Syntax;

/// <summary>Options that several config commands take.</summary>
internal static class SharedConfigOptions
{
    public static Option<string[]> Set()
    {
        var option = new Option<string[]>("--set")
        {
            Description = "Try a value that overrides all sources. May be repeated.",
            HelpName = "key=value"
        };
        option.CompletionSources.Add(_ => ConfigurationVerbs.Keys.Select(key => key.Key + "="));
        return option;
    }

    /// <summary>Where configurations are searched.</summary>
    public static Option<string[]> Source()
    {
        var option = new Option<string[]>("--source")
        {
            Description =
                "Search the configuration here instead: a file, a folder or a pattern ('config/**/*.yaml', '!secret.*'); lowest first. "
                + "files, environment, env-files and options stand for kinds of sources. May be repeated.",
            HelpName = "place",
        };
        option.CompletionSources.Add("files", "environment", "env-files", "options");
        return option;
    }

    public static Option<bool> Environment() => new("--environment")
    {
        Description =
            "Use this environment as the service's own: SERVICECTL__KEY, or the prefix of service.sources, as 'servicectl run' does.",
    };

    public static Option<bool> Reveal() => new("--reveal") { Description = "Show secrets as they are." };

    public static Option<string?> Of() => OptionValues.FilePath(
        "--of", "A service's folder or configuration file: include its own keys (config.schema.yaml).", "path");
}
