using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration;

namespace ServiceCtl.Engine.Services;

/// <summary>A service's configuration as it is read from its sources by ServiceCtl's schema and by the one that the service has itself.</summary>
/// <param name="ConfigPath">Absolute.</param>
/// <param name="Schema">All keys that are known.</param>
/// <param name="Check">What came of it, faults of the schema file included.</param>
public sealed record ServiceConfiguration(string ConfigPath, ConfigurationSchema Schema, ConfigurationCheck Check)
{
    /// <summary>Knows the secrets of this configuration.</summary>
    public SecretMask Mask => SecretMask.For(Check.Root, Schema);

    /// <summary>The configuration file that a path means: itself, or that of the folder it names.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigNotFound"/>.</exception>
    public static string FileOf(string path) => !Directory.Exists(path)
        ? path
        : ServiceSources.FindConfig(path) ?? throw new ServiceCtlException(
            ErrorCode.ConfigNotFound, path, $"{path} is not a service's folder: it has no config.yaml, config.toml, config.json or config.ini, and is no project of the wrapper kit (conf/config.yml with conf/default_remote_config.json).",
            "Make one, or name the configuration file.");

    /// <summary>Reads everything; faults are part of the answer.</summary>
    /// <param name="path">Absolute path of a service's folder or of its configuration file.</param>
    /// <param name="settings">What was given with a command, as dotted paths with the texts of their values.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigNotFound"/>.</exception>
    public static async Task<ServiceConfiguration> ReadAsync(
        string path, IReadOnlyList<KeyValuePair<string, string>> settings, CancellationToken cancellation)
    {
        var file = FileOf(path);
        var folder = ServiceSources.FolderOf(file);
        var problems = new ProblemList();
        var warnings = new ProblemList();
        var schema = await SchemaOfAsync(file, problems, warnings, cancellation);
        var check = await ConfigurationReader.CheckAsync(ServiceSources.Of(file, schema, settings), schema, folder, cancellation);
        return new ServiceConfiguration(file, schema, check with
        {
            Configuration = problems.Count == 0 ? check.Configuration : null,
            Problems = [.. problems.Sorted(), .. check.Problems],
            Warnings = [.. warnings.Sorted(), .. check.Warnings],
        });
    }

    /// <summary>ServiceCtl's keys, and those that a schema file beside the configuration describes. In a project of the wrapper kit, that one is of what is pushed.</summary>
    public static async Task<ConfigurationSchema> SchemaOfAsync(string configPath, ProblemList problems, ProblemList warnings, CancellationToken cancellation)
    {
        var known = ServiceSources.SchemaOf(configPath);
        if (known != ServiceSchema.Schema || OwnSchema.Find(Path.GetDirectoryName(configPath)!) is not { } file)
            return known;
        var own = await OwnSchema.ReadAsync(file, known, problems, warnings, cancellation);
        return own.With(known);
    }
}
