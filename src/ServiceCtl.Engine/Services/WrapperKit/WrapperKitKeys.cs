using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;

namespace ServiceCtl.Engine.Services.WrapperKit;

/// <summary>
/// The keys of a wrapper-kit project's <c>conf/config.yml</c>. They mean what they meant; <see cref="WrapperKitSource"/> says the same in
/// ServiceCtl's words.
/// </summary>
public static class WrapperKitKeys
{
    public static SchemaKey<string> ModuleName { get; } = new("moduleName", ConfigTypes.Text, "The service's name, here and in Consul.")
    {
        IsEssential = true,
        Example = "my_module",
        DefaultNote = "the name of the project's folder",
    };

    public static SchemaKey<string> InnerIp { get; } = new("grpcInnerAddress.ip", ConfigTypes.Text,
        "The address that the child listens on: the first part of `BINDING_ADDRESS`.")
    {
        Example = "127.0.0.1",
        DefaultNote = "`local_ip`",
    };

    public static SchemaKey<int> InnerPort { get; } = new("grpcInnerAddress.port", ConfigTypes.Integer(1, 65535),
        "The port that the child listens on.")
    {
        IsEssential = true,
        Example = "9000",
        DefaultNote = "`local_port`",
    };

    public static SchemaKey<string> OuterIp { get; } = new("grpcOuterAddress.ip", ConfigTypes.Text,
        "The address under which others reach the service; registered in Consul.")
    {
        Example = "10.0.0.12",
    };

    public static SchemaKey<int> OuterPort { get; } = new("grpcOuterAddress.port", ConfigTypes.Integer(1, 65535),
        "The port under which others reach the service; registered in Consul.")
    {
        Example = "9000",
        DefaultNote = "`grpcInnerAddress.port`",
    };

    public static SchemaKey<int> InfraServerPort { get; } = new(
        "infraServerPort", ConfigTypes.Integer(1, 65535),
        "The port of `/internal/health` and `/internal/metrics`, on all addresses of the host.")
    {
        Example = "9001",
        DefaultNote = "`grpcInnerAddress.port` + 1",
    };

    public static SchemaKey<string> RemoteConfigOverride { get; } = new(
        "remoteConfigOverride", ConfigTypes.Text, "JSON that is merged over every configuration that is pushed.")
    {
        Example = "'{\"logLevel\": \"debug\"}'",
        IsSecret = true,
    };

    public static SchemaKey<string> RemoteConfigPath { get; } = new(
        "remoteConfigPath", ConfigTypes.FilePath, "The file that is the pushed configuration with `CLUSTER_MODE=offline`.")
    {
        DefaultNote = "`conf/config.json`",
    };

    public static SchemaKey<string> DefaultRemoteConfigPath { get; } = new(
        "defaultRemoteConfigPath", ConfigTypes.FilePath, "The configuration that a control plane begins with; never taken by itself.")
    {
        IsPassedOver = true,
        DefaultNote = "`conf/default_remote_config.json`",
        Effect = ConfigChangeEffect.None,
    };

    public static SchemaKey<string> LogPath { get; } = new("logfile.path", ConfigTypes.FilePath,
        "The file that gets the child's output as lines of JSON; not with `APP_MODE=dev`.")
    {
        Example = "/var/log/my_module.log",
    };

    public static SchemaKey<int> LogMaxSize { get; } = new("logfile.maxSizeMb", ConfigTypes.Integer(1, 1_000_000),
        "At this size that file is rotated.")
    {
        Unit = "MiB",
        Default = "512",
    };

    public static SchemaKey<int> LogMaxBackups { get; } = new("logfile.maxBackups", ConfigTypes.Integer(0, 10_000),
        "Rotated files that are kept.")
    { Default = "4" };

    public static SchemaKey<bool> LogCompress { get; } = new("logfile.compress", ConfigTypes.Boolean,
        "Whether rotated files become `.gz`.")
    { Default = "true" };

    public static SchemaKey<bool> Sampling { get; } = new(
        "logs.sampling.enable", ConfigTypes.Boolean,
        "Whether lines beyond `maxPerSecond` with the same text are sampled; not with `APP_MODE=dev`.")
    {
        Default = "false",
    };

    public static SchemaKey<int> SamplingMax { get; } = new("logs.sampling.maxPerSecond", ConfigTypes.Integer(1, 1_000_000),
        "So many equal lines a second are all written.")
    { Default = "1000" };

    public static SchemaKey<int> SamplingPassEvery { get; } = new("logs.sampling.passEvery", ConfigTypes.Integer(1, 1_000_000),
        "Of those beyond, each so many-th.")
    { Default = "100" };

    public static SchemaKey<TimeSpan> HealthcheckTimeout { get; } = new(
        "healthcheckTimeout", ConfigTypes.Duration,
        "So long `/internal/health` of the child may take to answer well after a start; 0: whether it does is no condition.")
    {
        Unit = "seconds",
        Default = "0",
    };

    public static IReadOnlyList<SchemaKey> All { get; } =
    [
        ModuleName, InnerIp, InnerPort, OuterIp, OuterPort, InfraServerPort, RemoteConfigOverride, RemoteConfigPath,
        DefaultRemoteConfigPath,
        LogPath, LogMaxSize, LogMaxBackups, LogCompress, Sampling, SamplingMax, SamplingPassEvery, HealthcheckTimeout,
    ];

    public static IReadOnlyList<SchemaSection> Sections { get; } =
    [
        new("grpcInnerAddress", "Where the child listens.", IsClosed: false),
        new("grpcOuterAddress", "Where others reach it.", IsClosed: false),
        new("logfile", "A file for its output.", IsClosed: false),
        new("logs", "What becomes of its output.", IsClosed: false),
        new("logs.sampling", "How a flood of equal lines is thinned out.", IsClosed: false),
    ];

    /// <summary>These keys and all others that a service may have.</summary>
    public static ConfigurationSchema Beside(ConfigurationSchema service) =>
        new([.. service.Sections, .. Sections], [.. All, .. service.Keys]);
}
