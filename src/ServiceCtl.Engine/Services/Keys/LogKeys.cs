using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;

namespace ServiceCtl.Engine.Services.Keys;

/// <summary>What becomes of a service's output: <c>service.logs</c>.</summary>
public static class LogKeys
{
    internal static KeyList All { get; } = new(
        new SchemaSection("service.logs", "What becomes of its output.", IsClosed: true));

    public static SchemaKey<long> MaxSize { get; } = All.Add(new SchemaKey<long>(
        "service.logs.max_size", ConfigTypes.Size,
        "A captured log is rotated at this size.")
    {
        Unit = "bytes",
        Default = "1MB",
    });

    public static SchemaKey<TimeSpan> MaxAge { get; } = All.Add(new SchemaKey<TimeSpan>(
        "service.logs.max_age", ConfigTypes.Duration,
        "A captured log that was begun longer ago is rotated before the next line, whatever its size.")
    {
        Unit = "seconds",
        Example = "1d",
    });

    public static SchemaKey<int> Keep { get; } = All.Add(new SchemaKey<int>(
        "service.logs.keep", ConfigTypes.Integer(0, 10000),
        "Rotated files that are kept.")
    {
        Default = "2",
    });

    public static SchemaKey<bool> Compress { get; } = All.Add(new SchemaKey<bool>(
        "service.logs.compress", ConfigTypes.Boolean,
        "Whether rotated files are compressed with gzip.")
    {
        Default = "false",
    });

    public static SchemaKey<bool> Syslog { get; } = All.Add(new SchemaKey<bool>(
        "service.logs.syslog", ConfigTypes.Boolean,
        "Whether what is captured goes to syslog as well, line by line, secrets masked.")
    {
        Default = "false",
    });

    public static SchemaKey<string> SyslogSocket { get; } = All.Add(new SchemaKey<string>(
        "service.logs.syslog_socket", ConfigTypes.FilePath,
        "The datagram socket on which syslog listens.")
    {
        Default = "/dev/log",
    });
}
