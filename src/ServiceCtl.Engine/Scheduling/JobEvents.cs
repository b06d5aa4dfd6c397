using System.Globalization;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Scheduling;

/// <summary>The messages of events about schedules.</summary>
internal static class JobEvents
{
    /// <summary>Those that nobody was there for.</summary>
    public static string Missed(ScheduledJob job, TimetableLook look, bool wasAway)
    {
        var times = look.Missed == 1
            ? $"at {Time(look.FirstMissed!.Value)}"
            : string.Create(CultureInfo.InvariantCulture, $"{look.Missed} times, first at {Time(look.FirstMissed!.Value)}");
        var why = wasAway ? "there was no agent" : "the machine was asleep, or its clock was set";
        return $"{NameOf(job)} was missed {times}: {why}.{(job.Rule.CatchUp ? " One run makes up for it." : "")}";
    }

    public static string Skipped(ScheduledJob job, DateTimeOffset at) =>
        $"{NameOf(job)} was skipped at {Time(at)}: the run started at {Time(job.Record.Started!.Value)} is still going. "
            + "Later runs are skipped until it ends.";

    public static string Interrupted(ScheduledJob job) =>
        $"{NameOf(job)}, started at {Time(job.Record.Started!.Value)}, was interrupted: the agent ended while it ran.";

    public static string Ran(ScheduledJob job, JobResult result, TimeSpan took)
    {
        var words = result.Exit is null ? result.Message.TrimEnd('.') : result.Exit.ToString();
        var time = string.Create(CultureInfo.InvariantCulture, $"{took.TotalSeconds:0.#} s");
        return result.Outcome switch
        {
            ScheduleOutcome.Succeeded when result.Exit is not null => $"{NameOf(job)} ran for {time}.",
            ScheduleOutcome.Succeeded => $"{NameOf(job)}: {words}.",
            ScheduleOutcome.TimedOut => $"{NameOf(job)} timed out after {time} and was ended.",
            ScheduleOutcome.Ended => $"{NameOf(job)} was ended after {time}.",
            ScheduleOutcome.Interrupted => $"{NameOf(job)} was ended after {time}, because the agent ends.",
            _ => $"{NameOf(job)} failed after {time}: {words}.",
        };
    }

    public static ServiceEventKind KindOf(ScheduleOutcome outcome) => outcome switch
    {
        ScheduleOutcome.Succeeded => ServiceEventKind.ScheduleRan,
        ScheduleOutcome.Skipped or ScheduleOutcome.Missed => ServiceEventKind.ScheduleMissed,
        _ => ServiceEventKind.ScheduleFailed,
    };

    private static string NameOf(ScheduledJob job) => $"The schedule {job.Rule.Name} of {job.Definition.Name}";

    private static string Time(DateTimeOffset at) => at.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
