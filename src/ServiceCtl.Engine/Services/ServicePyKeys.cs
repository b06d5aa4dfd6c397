using System.Text.RegularExpressions;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Services;

/// <summary>The keys of the predecessor's <c>config.yaml</c>. They mean what they meant.</summary>
public static class ServicePyKeys
{
    public static SchemaKey<string> ApiDirectory { get; } = new(
        "api_directory", ConfigTypes.FilePath,
        "The service's folder; uWSGI changes into it.")
    {
        DefaultNote = "the folder of config.yaml",
    };

    public static SchemaKey<string> EnvDirectory { get; } = new(
        "env_directory", ConfigTypes.FilePath,
        "The virtualenv the service runs in.")
    {
        Example = "/srv/my_service/venv",
    };

    public static SchemaKey<string> PidFile { get; } = new(
        "pid_file", ConfigTypes.FilePath,
        "Where the master process writes its pid.")
    {
        Example = "/srv/my_service/tmp/my_service.pid",
    };

    public static SchemaKey<string> TmpDirectory { get; } = new(
        "TMP_DIR", ConfigTypes.FilePath,
        "The service's folder for temporary files, for other keys and the service itself.")
    {
        IsPassedOver = true,
        Example = "/srv/my_service/tmp",
    };

    public static SchemaKey<string> PrometheusDirectory { get; } = new(
        "PROMETHEUS_MULTIPROC_DIR", ConfigTypes.FilePath,
        "Where the workers' metrics are gathered by prometheus_client. It finds them through `env_vars`.")
    {
        IsPassedOver = true,
        Example = "/srv/my_service/tmp/metrics",
    };

    public static SchemaKey<string> NohupOutLog { get; } = new(
        "nohup_out_log", ConfigTypes.FilePath,
        "The file that keeps what an operation printed.")
    {
        Example = "/srv/my_service/log/nohup.log",
    };

    public static SchemaKey<string> NeatScriptName { get; } = new(
        "neat_script_name", ConfigTypes.Text,
        "Name of the wrapper that `ruffles` makes.")
    {
        Effect = ConfigChangeEffect.None,
        Default = "service",
    };

    public static SchemaKey<IReadOnlyList<string>> DirectoriesToCreate { get; } = new(
        "directories_to_create", ConfigTypes.ListOf(ConfigTypes.FilePath),
        "Folders that are created whenever the configuration is read.")
    {
        Effect = ConfigChangeEffect.None,
        Default = "[]",
        Example = "[./log, ./tmp]",
    };

    public static SchemaKey<IReadOnlyList<string>> PathsToDelete { get; } = new(
        "paths_to_delete", ConfigTypes.ListOf(ConfigTypes.FilePath),
        "Cleared after each stop: files are removed, folders are emptied and kept.")
    {
        Default = "[]",
        Example = "[./tmp]",
    };

    public static SchemaKey<IReadOnlyList<string>> EnvVars { get; } = new(
        "env_vars", ConfigTypes.ListOf(ConfigTypes.Text),
        "Names of top-level keys whose values are exported to the service's environment.")
    {
        Default = "[]",
        Example = "[PROMETHEUS_MULTIPROC_DIR]",
    };

    public static SchemaKey<string> ServiceName { get; } = new(
        "SERVICE_NAME", ConfigTypes.Text,
        "The service's name, here and in Consul.")
    {
        DefaultNote = "the name of the service's folder",
        Example = "my_service",
    };

    public static SchemaKey<string> ServiceId { get; } = new(
        "SERVICE_ID", ConfigTypes.Text,
        "The id of this instance in Consul.")
    {
        DefaultNote = "`SERVICE_NAME`",
        Example = "my_service-1",
    };

    public static SchemaKey<IReadOnlyList<string>> Tags { get; } = new(
        "TAGS", ConfigTypes.ListOf(ConfigTypes.Text),
        "Tags in Consul.")
    {
        Default = "[]",
        Example = "[production, v2]",
    };

    public static SchemaKey<string> ServerAddress { get; } = new(
        "SERVER_ADDRESS", ConfigTypes.Text,
        "The address under which others reach the service; registered in Consul.")
    {
        Example = "10.0.0.12",
    };

    public static SchemaKey<int> ServerPort { get; } = new(
        "SERVER_PORT", ConfigTypes.Integer(1, 65535),
        "The port under which others reach the service; registered in Consul.")
    {
        DefaultNote = "`local_port`",
        Example = "8001",
    };

    public static SchemaKey<string> LocalIp { get; } = new(
        "local_ip", ConfigTypes.Text,
        "The address the service listens on.")
    {
        Default = "127.0.0.1",
    };

    public static SchemaKey<int> LocalPort { get; } = new(
        "local_port", ConfigTypes.Integer(1, 65535),
        "The port the service listens on.")
    {
        DefaultNote = "`SERVER_PORT`",
        Example = "8001",
    };

    public static SchemaKey<string> ConsulAddress { get; } = new(
        "CONSUL_ADDRESS", ConfigTypes.Text,
        "Host of the Consul agent.")
    {
        Default = "127.0.0.1",
    };

    public static SchemaKey<int> ConsulPort { get; } = new(
        "CONSUL_PORT", ConfigTypes.Integer(1, 65535),
        "Port of the Consul agent.")
    {
        Default = "8500",
    };

    public static SchemaKey<bool> ConsulRegistration { get; } = new(
        "CONSUL_REG", ConfigTypes.Boolean,
        "Whether the service registers itself in Consul; `-c` overrides it for one call.")
    {
        Default = "false",
    };

    public static SchemaKey<bool> DeployProd { get; } = new(
        "DEPLOY_PROD", ConfigTypes.Boolean,
        "Whether this is production: decides between `AUTH_URI_PROD` and `AUTH_URI`.")
    {
        Effect = ConfigChangeEffect.None,
        Default = "false",
    };

    public static SchemaKey<string> AuthUri { get; } = new(
        "AUTH_URI", ConfigTypes.Text,
        "Where the integration tests get their token.")
    {
        Effect = ConfigChangeEffect.None,
        Example = "http://auth.test/token",
    };

    public static SchemaKey<string> AuthUriProd { get; } = new(
        "AUTH_URI_PROD", ConfigTypes.Text,
        "The same in production.")
    {
        Effect = ConfigChangeEffect.None,
        Example = "https://auth.example.com/token",
    };

    public static SchemaKey<bool> UsingAuth { get; } = new(
        "USING_AUTH", ConfigTypes.Boolean,
        "Whether the integration tests need a token.")
    {
        Effect = ConfigChangeEffect.None,
        Default = "false",
    };

    public static SchemaKey<Regex> RelogFiles { get; } = new(
        "RELOG_FILES", ConfigTypes.Pattern,
        "Names the logs that relog sorts: a regular expression, matched anywhere in the path.")
    {
        Effect = ConfigChangeEffect.None,
        Example = "'uwsgi.*\\.log'",
    };

    public static SchemaKey<double> DeleteLogsDays { get; } = new(
        "DELETE_LOGS_DAYS", ConfigTypes.Number(0, 36500),
        "Logs older than this are deleted after relog has sorted them.")
    {
        Effect = ConfigChangeEffect.None,
        Unit = "days",
        Example = "7",
    };

    public static SchemaKey<bool> DeleteRelogFiles { get; } = new(
        "DELETE_RELOG_FILES", ConfigTypes.Boolean,
        "Whether relog empties its results first; `-r` overrides it for one call.")
    {
        Effect = ConfigChangeEffect.None,
        Default = "false",
    };

    public static SchemaKey<double> DeleteJunkCronDays { get; } = new(
        "DELETE_JUNK_CRON_DAYS", ConfigTypes.Number(0, 36500),
        "Age at which the service's own cron job deletes leftovers; passed on to it.")
    {
        IsPassedOver = true,
        Effect = ConfigChangeEffect.None,
        Unit = "days",
        Example = "1",
    };

    public static SchemaKey<bool> ColorLogsScreen { get; } = new(
        "COLOR_LOGS_SCREEN", ConfigTypes.Boolean,
        "Whether messages on a terminal are coloured.")
    {
        Effect = ConfigChangeEffect.None,
        Default = "true",
    };

    public static SchemaKey<bool> ColorLogsFiles { get; } = new(
        "COLOR_LOGS_FILES", ConfigTypes.Boolean,
        "Whether messages in files are coloured.")
    {
        Effect = ConfigChangeEffect.None,
        Default = "false",
    };

    public static SchemaKey<ConfigValue> Debug { get; } = new(
        "DEBUG", ConfigTypes.Anything,
        "Flask's debug mode. The service's own; kept and passed over.")
    {
        IsPassedOver = true,
        Effect = ConfigChangeEffect.Hot,
        Example = "false",
    };

    public static SchemaKey<ConfigValue> Testing { get; } = new(
        "TESTING", ConfigTypes.Anything,
        "Flask's test mode. The service's own; kept and passed over.")
    {
        IsPassedOver = true,
        Effect = ConfigChangeEffect.Hot,
        Example = "false",
    };

    public static SchemaKey<ConfigValue> CsrfEnabled { get; } = new(
        "CSRF_ENABLED", ConfigTypes.Anything,
        "Flask's CSRF protection. The service's own; kept and passed over.")
    {
        IsPassedOver = true,
        Effect = ConfigChangeEffect.Hot,
        Example = "false",
    };

    public static SchemaKey<ConfigValue> JsonAsAscii { get; } = new(
        "JSON_AS_ASCII", ConfigTypes.Anything,
        "Whether Flask escapes what is not ASCII in its answers. The service's own; kept and passed over.")
    {
        IsPassedOver = true,
        Effect = ConfigChangeEffect.Hot,
        Example = "false",
    };

    public static SchemaKey<ConfigValue> AllowBatches { get; } = new(
        "ALLOW_BATCHES", ConfigTypes.Anything,
        "Whether JSON-RPC batches are allowed. The service's own; kept and passed over.")
    {
        IsPassedOver = true,
        Effect = ConfigChangeEffect.Hot,
        Example = "false",
    };

    public static SchemaKey<ConfigValue> SecretKey { get; } = new(
        "SECRET_KEY", ConfigTypes.Anything,
        "Flask's key for sessions. The service's own; kept and passed over.")
    {
        IsPassedOver = true,
        Effect = ConfigChangeEffect.Hot,
        IsSecret = true,
        Example = "change-me",
    };

    public static SchemaKey<IReadOnlyList<ProgramOption>> Uwsgi { get; } = new(
        "uwsgi", ConfigTypes.Options,
        "uWSGI's own options, written out exactly as given; a list repeats its key. `config_file` names the generated file.");

    public static SchemaKey<ConfigValue> SwaggerUi { get; } = new(
        "swagger_ui", ConfigTypes.Anything,
        "The service's Swagger page. The service's own; kept and passed over.")
    {
        IsPassedOver = true,
        Effect = ConfigChangeEffect.Hot,
        Example = "true",
    };

    public static SchemaKey<string> AlertsMachineName { get; } = new(
        "alerts.machine_name", ConfigTypes.Text,
        "How alerts name this host.")
    {
        DefaultNote = "the host's name",
        Example = "web-1",
    };

    public static SchemaKey<string> AlertsTelegramInfoToken { get; } = new(
        "alerts.tg.info.token", ConfigTypes.Text,
        "Token of the Telegram bot that tells what is worth knowing.")
    {
        IsSecret = true,
        Example = "123456:ABC-DEF",
    };

    public static SchemaKey<string> AlertsTelegramInfoChatId { get; } = new(
        "alerts.tg.info.chat_id", ConfigTypes.Text,
        "The Telegram chat it tells.")
    {
        Example = "'-1001234567890'",
    };

    public static SchemaKey<string> AlertsSlackInfoHook { get; } = new(
        "alerts.sl.info.hook", ConfigTypes.Text,
        "Slack's incoming webhook for what is worth knowing.")
    {
        IsSecret = true,
        Example = "https://hooks.slack.com/services/T0/B0/x",
    };

    public static SchemaKey<string> AlertsTelegramCriticalToken { get; } = new(
        "alerts.tg.critical.token", ConfigTypes.Text,
        "Token of the Telegram bot that tells what is critical.")
    {
        IsSecret = true,
        Example = "123456:ABC-DEF",
    };

    public static SchemaKey<string> AlertsTelegramCriticalChatId { get; } = new(
        "alerts.tg.critical.chat_id", ConfigTypes.Text,
        "The Telegram chat it tells.")
    {
        Example = "'-1001234567890'",
    };

    public static SchemaKey<string> AlertsSlackCriticalHook { get; } = new(
        "alerts.sl.critical.hook", ConfigTypes.Text,
        "Slack's incoming webhook for what is critical.")
    {
        IsSecret = true,
        Example = "https://hooks.slack.com/services/T0/B0/x",
    };

    public static IReadOnlyList<SchemaKey> All { get; } =
    [
        ApiDirectory, EnvDirectory, PidFile, TmpDirectory, PrometheusDirectory, NohupOutLog, NeatScriptName,
        DirectoriesToCreate, PathsToDelete, EnvVars, ServiceName, ServiceId, Tags, ServerAddress, ServerPort, LocalIp,
        LocalPort, ConsulAddress, ConsulPort, ConsulRegistration, DeployProd, AuthUri, AuthUriProd, UsingAuth, RelogFiles,
        DeleteLogsDays, DeleteRelogFiles, DeleteJunkCronDays, ColorLogsScreen, ColorLogsFiles, Debug, Testing, CsrfEnabled,
        JsonAsAscii, AllowBatches, SecretKey, Uwsgi, SwaggerUi, AlertsMachineName, AlertsTelegramInfoToken,
        AlertsTelegramInfoChatId, AlertsSlackInfoHook, AlertsTelegramCriticalToken, AlertsTelegramCriticalChatId,
        AlertsSlackCriticalHook,
    ];

    /// <summary>Open: the predecessor passed over what it didn't know.</summary>
    public static IReadOnlyList<SchemaSection> Sections { get; } =
    [
        new("", "The service's configuration. Keys that are not listed here are the service's own (Flask's, for example): they are kept and passed over.", IsClosed: false),
        new("alerts", "Whom to tell when something happens.", IsClosed: false) { IsUnavailable = true },
        new("alerts.tg", "Telegram.", IsClosed: false),
        new("alerts.tg.info", "The bot and chat for what is worth knowing.", IsClosed: false),
        new("alerts.tg.critical", "The bot and chat for what is critical.", IsClosed: false),
        new("alerts.sl", "Slack.", IsClosed: false),
        new("alerts.sl.info", "The channel for what is worth knowing.", IsClosed: false),
        new("alerts.sl.critical", "The channel for what is critical.", IsClosed: false),
    ];
}
