using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Logs.Relog;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Agent;

/// <summary>Which logs a service has, and where what is sorted out of them goes.</summary>
internal static class RelogPlans
{
    private const string ResultsFolder = "relog";

    /// <summary>
    /// Bytes. What nobody asked for must not fill a disk: the results of a captured log are kept in two files of at most this size.
    /// </summary>
    private const long LongestUnasked = 16 * 1024 * 1024;

    /// <param name="definition">The service's.</param>
    /// <param name="captured">The file that gets what it prints; a source where its server has no log of its own.</param>
    public static RelogPlan Of(ServiceDefinition definition, string captured)
    {
        var serverLog = definition.ServerLog;
        var hasPattern = definition.Relog.Files is not null;
        var folder = serverLog is null ? Path.Combine(definition.Folder, "log") : Path.GetDirectoryName(serverLog)!;
        var beside = serverLog is null && !hasPattern ? Path.GetDirectoryName(captured)! : folder;
        return new RelogPlan
        {
            Service = definition.Name,
            // Where nothing is of the configuration's choice, all of it is in the agent's folder.
            User = beside == folder ? definition.Actor : definition.User,
            Results = Path.Combine(beside, ResultsFolder),
            Folder = hasPattern ? folder : null,
            Pattern = hasPattern ? ConfiguredPattern.Compile(definition.Relog.Files!) : null,
            Logs = serverLog is null || hasPattern ? [] : [serverLog],
            CapturedLog = serverLog is null ? captured : null,
            DeleteAfter = definition.Relog.DeleteAfter,
            InUse = serverLog is null ? [] : [serverLog],
            LongestResult = serverLog is null ? LongestUnasked : null,
        };
    }

    /// <summary>To be followed only: the log of the server itself, of which nothing is written or kept.</summary>
    public static RelogPlan ToFollow(ServiceDefinition definition, string serverLog) =>
        new() { Service = definition.Name, User = definition.Actor, Logs = [serverLog] };
}
