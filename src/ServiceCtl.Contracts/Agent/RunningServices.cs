namespace ServiceCtl.Contracts;

/// <summary>What becomes of running services when their agent is asked to end.</summary>
public enum RunningServices
{
    /// <summary>They keep the agent from ending.</summary>
    Refuse,

    /// <summary>They are stopped first.</summary>
    Stop,

    /// <summary>They go on without an agent; the next one takes them on.</summary>
    Keep,
}
