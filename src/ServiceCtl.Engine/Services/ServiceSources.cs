using ServiceCtl.Engine.Configuration;

namespace ServiceCtl.Engine.Services;

/// <summary>Where the configuration of a service comes from: its file, and the variables for ServiceCtl in the <c>.env</c> beside it.</summary>
/// <remarks>Not from the environment: what happened to be set when the agent was started is no service's configuration.</remarks>
public static class ServiceSources
{
    /// <summary>Of <c>SERVICECTL__LOCAL_PORT</c>.</summary>
    public const string Prefix = "SERVICECTL";

    /// <summary>What a service's configuration file may be called, the first that exists counting.</summary>
    private static readonly string[] FileNames = ["config.yaml", "config.yml", "config.toml", "config.json", "config.ini"];

    /// <summary>The configuration file that makes a folder a service's; null when there is none.</summary>
    public static string? FindConfig(string folder) => FileNames.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>The files that are read for a service, whether they are there or not.</summary>
    public static IReadOnlyList<string> FilesOf(string configPath) =>
        [configPath, EnvFileOf(configPath), .. OwnSchema.FileNames.Select(name => Path.Combine(Path.GetDirectoryName(configPath)!, name))];

    /// <summary>The sources, lowest first.</summary>
    /// <param name="configPath">Absolute path of the service's configuration file.</param>
    /// <param name="schema">Knows how the keys that variables give are written.</param>
    /// <param name="settings">What was given with a command, as dotted paths with the texts of their values.</param>
    public static IReadOnlyList<IConfigurationSource> Of(
        string configPath, ConfigurationSchema schema, IReadOnlyList<KeyValuePair<string, string>>? settings = null)
    {
        var file = new FileSource(configPath);
        var variables = new EnvFileSource(EnvFileOf(configPath), new VariableMapping(Prefix, schema), new Dictionary<string, string>());
        return settings is null or [] ? [file, variables] : [file, variables, new OverrideSource(settings, folder: Path.GetDirectoryName(configPath))];
    }

    private static string EnvFileOf(string configPath) => Path.Combine(Path.GetDirectoryName(configPath)!, ".env");
}
