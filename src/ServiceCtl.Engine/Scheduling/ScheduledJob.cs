using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Engine.Scheduling;

/// <summary>One schedule of one service. Its <see cref="Scheduler"/> holds a lock when it changes it.</summary>
internal sealed class ScheduledJob
{
    public ScheduledJob(ServiceDefinition definition, ScheduleRule rule, JobRecord record)
    {
        Definition = definition;
        Rule = rule;
        Record = record;
        Timetable = new Timetable(rule);
    }

    public ServiceDefinition Definition { get; private set; }

    public ScheduleRule Rule { get; private set; }

    public Timetable Timetable { get; private set; }

    public JobRecord Record { get; set; }

    /// <summary>The time that is awaited; null for none.</summary>
    public DateTimeOffset? Next { get; set; }

    /// <summary>Ends the run that goes on; null while none does.</summary>
    public CancellationTokenSource? Ending { get; set; }

    /// <summary>Ends when no run goes on, and none follows.</summary>
    public Task Running { get; set; } = Task.CompletedTask;

    /// <summary>Is another run to follow this one?</summary>
    public bool IsQueued { get; set; }

    /// <summary>Was it reported that others are passed over for the run that goes on?</summary>
    public bool IsSkipReported { get; set; }

    /// <summary>Has nobody looked yet since there is this agent?</summary>
    public bool IsFresh { get; set; } = true;

    public bool IsRunning => Ending is not null;

    /// <summary>What it says counts from now on; a run that goes on is not touched.</summary>
    /// <returns>Whether its times have changed.</returns>
    public bool Take(ServiceDefinition definition, ScheduleRule rule)
    {
        var isOther = rule.Cron != Rule.Cron || rule.TimeZone != Rule.TimeZone;
        (Definition, Rule) = (definition, rule);
        if (isOther)
            Timetable = new Timetable(rule);
        return isOther;
    }

    public PyServiceSchedule Describe(bool isActive, string log) => new()
    {
        Service = Definition.Name,
        Name = Rule.Name,
        Cron = Rule.Cron,
        TimeZone = Rule.TimeZone,
        Does = Definition.Mask.MaskText(Rule.ToString()),
        NextAt = isActive ? Next?.ToLocalTime() : null,
        IsRunning = IsRunning,
        LastStarted = Record.Started?.ToLocalTime(),
        LastDuration = Record.Duration,
        LastOutcome = Record.Outcome,
        LastMessage = Record.Message,
        Missed = Record.Missed,
        LogPath = Rule.Do is null ? log : null,
    };
}
