using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Alerts;

/// <summary>
/// Which events are alerts. A destination hears once that a service is down and once that it is back, whatever happens between, and that it
/// was given up. Pure: what a destination has heard and an event in, what it hears out.
/// </summary>
internal static class AlertPolicy
{
    /// <summary>What a destination hears of an event.</summary>
    /// <param name="heard">What it has heard of the service.</param>
    /// <param name="happened">The event.</param>
    /// <param name="hears">Does it hear what is so urgent?</param>
    /// <returns>What it has heard then, and the alert; null for none.</returns>
    public static (ServiceCondition Heard, (AlertNews News, AlertLevel Level)? Alert) Take(
        ServiceCondition heard, ServiceEvent happened, Func<AlertLevel, bool> hears)
    {
        var level = LevelFor(happened, hears);
        var usual = LevelOf(happened);
        return (SubjectOf(happened), level) switch
        {
            (AlertNews.Down, { } told) when heard == ServiceCondition.Up => (ServiceCondition.Down, (AlertNews.Down, told)),
            (AlertNews.GaveUp, { } told) when heard != ServiceCondition.GivenUp => (ServiceCondition.GivenUp, (AlertNews.GaveUp, told)),
            (AlertNews.Back, _) when heard != ServiceCondition.Up => (ServiceCondition.Up, (AlertNews.Back, usual)),
            (AlertNews.Stopped, _) when heard != ServiceCondition.Up => (ServiceCondition.Up, (AlertNews.Stopped, usual)),
            (AlertNews.Notice, { } told) => (heard, (AlertNews.Notice, told)),
            _ => (heard, null),
        };
    }

    /// <summary>What a rule says to those who hear alerts by a channel, of a level: what is for the channel comes first.</summary>
    /// <returns>Null where it says the same to all.</returns>
    public static PyServiceFailureNotice? NoticeFor(PyServiceFailure failure, AlertChannel channel, AlertLevel level) =>
        failure.Notices.FirstOrDefault(notice => notice.Channel == channel)
        ?? failure.Notices.FirstOrDefault(notice => notice.Channel is null && notice.Level == level)
        ?? failure.Notices.FirstOrDefault(notice => notice is { Channel: null, Level: null });

    /// <summary>As what somebody hears of it who does not hear all levels: the most urgent of those that it has.</summary>
    private static AlertLevel? LevelFor(ServiceEvent happened, Func<AlertLevel, bool> hears)
    {
        var levels = (happened.Failure?.Notices ?? []).Select(notice => notice.Level).OfType<AlertLevel>()
            .DefaultIfEmpty(LevelOf(happened));
        return levels.Where(hears).OrderDescending().Cast<AlertLevel?>().FirstOrDefault();
    }

    /// <summary>What an event tells of; null for what nobody hears of.</summary>
    public static AlertNews? SubjectOf(ServiceEvent happened)
    {
        // The others serve.
        if (happened.Failure is { Layer: PyServiceFailureLayer.Instance })
            return happened.Kind is ServiceEventKind.Crashed or ServiceEventKind.GaveUp || happened.Failure.Notify is not null
                ? AlertNews.Notice : null;
        if (happened.Failure is { Event: PyServiceFailureEvent.Recovered })
            return AlertNews.Back;
        return happened.Kind switch
        {
            ServiceEventKind.Crashed or ServiceEventKind.Unhealthy => AlertNews.Down,
            // A start that nobody has ordered has failed.
            ServiceEventKind.Warning when happened.Failure is { Event: PyServiceFailureEvent.Failed } => AlertNews.Down,
            ServiceEventKind.GaveUp => AlertNews.GaveUp,
            ServiceEventKind.Started or ServiceEventKind.Restarted or ServiceEventKind.HotRestarted => AlertNews.Back,
            ServiceEventKind.Stopped => AlertNews.Stopped,
            ServiceEventKind.Refused or ServiceEventKind.ConfigRefused or ServiceEventKind.CanaryFailed or ServiceEventKind.ScheduleFailed
                or ServiceEventKind.ScheduleMissed or ServiceEventKind.Exception or ServiceEventKind.Incident or ServiceEventKind.Warning
                => AlertNews.Notice,
            _ => happened.Failure?.Notify is null ? null : AlertNews.Notice,
        };
    }

    /// <summary>How urgent an alert of an event is.</summary>
    public static AlertLevel LevelOf(ServiceEvent happened) => happened.Failure?.Notify switch
    {
        "critical" => AlertLevel.Critical,
        "info" => AlertLevel.Info,
        _ => SubjectOf(happened) == AlertNews.Notice && happened.Kind != ServiceEventKind.GaveUp ? AlertLevel.Info : AlertLevel.Critical,
    };
}
