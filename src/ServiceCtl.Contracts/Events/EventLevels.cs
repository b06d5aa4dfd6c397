namespace ServiceCtl.Contracts;

/// <summary>How bad events are that say nothing of it themselves.</summary>
public static class EventLevels
{
    /// <summary>The event with a level: its own, or that of its kind.</summary>
    public static ServiceEvent Complete(ServiceEvent happened) =>
        happened.Level is null ? happened with { Level = Of(happened.Kind) } : happened;

    /// <summary>Of a kind, where nothing more is known.</summary>
    public static ServiceEventLevel Of(ServiceEventKind kind) => kind switch
    {
        ServiceEventKind.GaveUp => ServiceEventLevel.Critical,
        ServiceEventKind.Crashed or ServiceEventKind.Unhealthy or ServiceEventKind.Refused or ServiceEventKind.Exception
            or ServiceEventKind.CanaryFailed or ServiceEventKind.ScheduleFailed => ServiceEventLevel.Error,
        ServiceEventKind.ConfigRefused or ServiceEventKind.Incident or ServiceEventKind.ScheduleMissed or ServiceEventKind.Warning =>
            ServiceEventLevel.Warning,
        _ => ServiceEventLevel.Info,
    };
}
