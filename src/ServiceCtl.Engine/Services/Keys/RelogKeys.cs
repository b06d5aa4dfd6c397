using System.Text.RegularExpressions;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;

namespace ServiceCtl.Engine.Services.Keys;

/// <summary>Which logs relog sorts, and what becomes of them: keys of the predecessor's.</summary>
public static class RelogKeys
{
    internal static KeyList All { get; } = new();

    public static SchemaKey<Regex> RelogFiles { get; } = All.Add(new SchemaKey<Regex>(
        "RELOG_FILES", ConfigTypes.Pattern,
        "Names the logs that relog sorts: a regular expression, matched anywhere in the path.")
    {
        Effect = ConfigChangeEffect.None,
        Example = "'uwsgi.*\\.log'",
    });

    public static SchemaKey<double> DeleteLogsDays { get; } = All.Add(new SchemaKey<double>(
        "DELETE_LOGS_DAYS", ConfigTypes.Number(0, 36500),
        "Logs older than this are deleted after relog has sorted them.")
    {
        Effect = ConfigChangeEffect.None,
        Unit = "days",
        Example = "7",
    });

    public static SchemaKey<bool> DeleteRelogFiles { get; } = All.Add(new SchemaKey<bool>(
        "DELETE_RELOG_FILES", ConfigTypes.Boolean,
        "Whether relog empties its results first; `-r` overrides it for one call.")
    {
        Effect = ConfigChangeEffect.None,
        Default = "false",
    });

    public static SchemaKey<double> DeleteJunkCronDays { get; } = All.Add(new SchemaKey<double>(
        "DELETE_JUNK_CRON_DAYS", ConfigTypes.Number(0, 36500),
        "Age at which the service's own cron job deletes leftovers; passed on to it.")
    {
        IsPassedOver = true,
        Effect = ConfigChangeEffect.None,
        Unit = "days",
        Example = "1",
    });
}
