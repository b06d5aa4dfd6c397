using ServiceCtl.Engine.Configuration;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services.WrapperKit;

namespace ServiceCtl.Engine.Services;

/// <summary>Where the configuration of a service comes from: its file, and the variables for ServiceCtl in the <c>.env</c> beside it.</summary>
/// <remarks>Not from the environment: what happened to be set when the agent was started is no service's configuration.</remarks>
public static class ServiceSources
{
    /// <summary>Of <c>SERVICECTL__LOCAL_PORT</c>.</summary>
    public const string Prefix = "SERVICECTL";

    /// <summary>What a service's configuration file may be called, the first that exists counting; after these, what makes a project of the wrapper kit.</summary>
    private static readonly string[] FileNames = ["config.yaml", "config.yml", "config.toml"];

    /// <summary>The kit writes what is pushed into a config.json.</summary>
    private static readonly string[] LaterFileNames = ["config.json", "config.ini"];

    private static readonly ConfigurationSchema KitSchema = WrapperKitKeys.Beside(ServiceSchema.Schema);

    /// <summary>The configuration file that makes a folder a service's; null when there is none.</summary>
    public static string? FindConfig(string folder) => FirstOf(folder, FileNames) ?? WrapperKitFolder.FindConfig(folder) ?? FirstOf(folder, LaterFileNames);

    /// <summary>The folder of the service that a configuration file is for.</summary>
    public static string FolderOf(string configPath) => WrapperKitFolder.IsConfig(configPath) ? WrapperKitFolder.RootOf(configPath) : Path.GetDirectoryName(configPath)!;

    /// <summary>
    /// Is this absolute path the configuration file of a service, or its folder? A folder is the same by whatever links it is reached. Of files only their
    /// folder counts: several services may share one by links.
    /// </summary>
    public static bool IsOf(string configPath, string path)
    {
        if (path == configPath || path == FolderOf(configPath))
            return true;
        return Directory.Exists(path)
            ? FolderIdentity.IsSame(path, FolderOf(configPath))
            : Path.GetFileName(path) == Path.GetFileName(configPath) && FolderIdentity.IsSame(Path.GetDirectoryName(path)!, Path.GetDirectoryName(configPath)!);
    }

    /// <summary>ServiceCtl's keys for a file of this kind.</summary>
    public static ConfigurationSchema SchemaOf(string configPath) => WrapperKitFolder.IsConfig(configPath) ? KitSchema : ServiceSchema.Schema;

    /// <summary>The files that are read for a service, whether they are there or not.</summary>
    public static IReadOnlyList<string> FilesOf(string configPath) =>
        [configPath, .. WrapperKitFolder.IsConfig(configPath) ? WrapperKitSource.FilesElsewhere(configPath) : [], EnvFileOf(configPath), .. OwnSchema.FileNames.Select(name => Path.Combine(Path.GetDirectoryName(configPath)!, name))];

    /// <summary>The sources, lowest first.</summary>
    /// <param name="configPath">Absolute path of the service's configuration file.</param>
    /// <param name="schema">Knows how the keys that variables give are written.</param>
    /// <param name="settings">What was given with a command, as dotted paths with the texts of their values.</param>
    public static IReadOnlyList<IConfigurationSource> Of(
        string configPath, ConfigurationSchema schema, IReadOnlyList<KeyValuePair<string, string>>? settings = null)
    {
        IConfigurationSource file = WrapperKitFolder.IsConfig(configPath) ? new WrapperKitSource(configPath, Prefix) : new FileSource(configPath);
        var variables = new EnvFileSource(EnvFileOf(configPath), new VariableMapping(Prefix, schema), new Dictionary<string, string>());
        return settings is null or [] ? [file, variables] : [file, variables, new OverrideSource(settings, folder: FolderOf(configPath))];
    }

    private static string EnvFileOf(string configPath) => Path.Combine(FolderOf(configPath), ".env");

    private static string? FirstOf(string folder, string[] names) => names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
