namespace ServiceCtl.Contracts;

/// <summary>What came of a run of a schedule.</summary>
public enum ScheduleOutcome
{
    /// <summary>The program ended with 0, or the order was carried out.</summary>
    Succeeded,

    /// <summary>The program ended with something else or could not be started, or the order failed.</summary>
    Failed,

    /// <summary>It took longer than it may, and was ended.</summary>
    TimedOut,

    /// <summary>It was ended for the next run, or because the service was stopped.</summary>
    Ended,

    /// <summary>The agent ended in the middle of it, and it with the agent.</summary>
    Interrupted,

    /// <summary>It was passed over, because the run before it still went on.</summary>
    Skipped,

    /// <summary>Nobody was there at its time: the machine slept, its clock was set, or there was no agent.</summary>
    Missed,
}
