namespace ServiceCtl.Contracts;

/// <summary>What came of a run of a schedule.</summary>
public enum ScheduleOutcome
{
    /// <summary>The program ended with 0, or the order was carried out.</summary>
    Succeeded,

    /// <summary>The program ended with something else or could not be started, or the order failed.</summary>
    Failed,

    /// <summary>It took longer than it may, and was stopped.</summary>
    TimedOut,

    /// <summary>It was ended for the next run, or because the service was stopped.</summary>
    Ended,

    /// <summary>The agent ended while it ran, and it ended with the agent.</summary>
    Interrupted,

    /// <summary>It was skipped, because the run before it was still going on.</summary>
    Skipped,

    /// <summary>It did not run at its time: the machine slept, its clock was set forward, or no agent ran.</summary>
    Missed,
}
