using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;

namespace ServiceCtl.Engine.Services.Keys;

/// <summary>Folders and files of a service: keys of the predecessor's <c>config.yaml</c>, which mean what they meant.</summary>
public static class PathKeys
{
    internal static KeyList All { get; } = new(
        new SchemaSection("",
            "The service's configuration. Keys that are not listed here are the service's own (Flask's, for example): they are kept and "
                + "passed over.", IsClosed: false));

    public static SchemaKey<string> ApiDirectory { get; } = All.Add(new SchemaKey<string>(
        "api_directory", ConfigTypes.FilePath,
        "The service's folder; uWSGI changes into it.")
    {
        DefaultNote = "the folder of config.yaml",
    });

    public static SchemaKey<string> EnvDirectory { get; } = All.Add(new SchemaKey<string>(
        "env_directory", ConfigTypes.FilePath,
        "The virtualenv the service runs in.")
    {
        Example = "/srv/my_service/venv",
    });

    public static SchemaKey<string> PidFile { get; } = All.Add(new SchemaKey<string>(
        "pid_file", ConfigTypes.FilePath,
        "Where the master process writes its pid.")
    {
        Example = "/srv/my_service/tmp/my_service.pid",
    });

    public static SchemaKey<string> TmpDirectory { get; } = All.Add(new SchemaKey<string>(
        "TMP_DIR", ConfigTypes.FilePath,
        "The service's folder for temporary files, for other keys and the service itself.")
    {
        IsPassedOver = true,
        Example = "/srv/my_service/tmp",
    });

    public static SchemaKey<string> PrometheusDirectory { get; } = All.Add(new SchemaKey<string>(
        "PROMETHEUS_MULTIPROC_DIR", ConfigTypes.FilePath,
        "Where the workers' metrics are gathered by prometheus_client. It finds them through `env_vars`.")
    {
        IsPassedOver = true,
        Example = "/srv/my_service/tmp/metrics",
    });

    public static SchemaKey<string> NohupOutLog { get; } = All.Add(new SchemaKey<string>(
        "nohup_out_log", ConfigTypes.FilePath,
        "The file that keeps what an operation printed.")
    {
        Example = "/srv/my_service/log/nohup.log",
    });

    public static SchemaKey<string> NeatScriptName { get; } = All.Add(new SchemaKey<string>(
        "neat_script_name", ConfigTypes.Text,
        "Name of the wrapper that `ruffles` makes.")
    {
        Effect = ConfigChangeEffect.None,
        Default = "service",
    });

    public static SchemaKey<IReadOnlyList<string>> DirectoriesToCreate { get; } = All.Add(new SchemaKey<IReadOnlyList<string>>(
        "directories_to_create", ConfigTypes.ListOf(ConfigTypes.FilePath),
        "Folders that are created whenever the configuration is read.")
    {
        Effect = ConfigChangeEffect.None,
        Default = "[]",
        Example = "[./log, ./tmp]",
    });

    public static SchemaKey<int> DirectoriesMode { get; } = All.Add(new SchemaKey<int>(
        "directories_mode", ConfigTypes.FileMode,
        "The mode of folders of `directories_to_create` that are made. They belong to the service's user.")
    {
        Effect = ConfigChangeEffect.None,
        DefaultNote = "`0755`",
        Example = "'0750'",
    });

    public static SchemaKey<IReadOnlyList<string>> PathsToDelete { get; } = All.Add(new SchemaKey<IReadOnlyList<string>>(
        "paths_to_delete", ConfigTypes.ListOf(ConfigTypes.FilePath),
        "Cleared after each stop: files are removed, folders are emptied and kept.")
    {
        Default = "[]",
        Example = "[./tmp]",
    });

    public static SchemaKey<IReadOnlyList<string>> EnvVars { get; } = All.Add(new SchemaKey<IReadOnlyList<string>>(
        "env_vars", ConfigTypes.ListOf(ConfigTypes.Text),
        "Names of top-level keys whose values are exported to the service's environment.")
    {
        Default = "[]",
        Example = "[PROMETHEUS_MULTIPROC_DIR]",
    });
}
