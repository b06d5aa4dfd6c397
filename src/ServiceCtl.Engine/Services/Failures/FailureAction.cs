namespace ServiceCtl.Engine.Services.Failures;

/// <summary>What is done about a failure: <c>do</c> of a rule.</summary>
public enum FailureAction
{
    /// <summary>It is written down, and <c>service.restart</c> decides what follows.</summary>
    Record,

    /// <summary>It is no failure: nothing is written down, and <c>service.restart</c> decides what follows.</summary>
    Ignore,

    /// <summary>It is started again, as the rule's <c>retry</c> says.</summary>
    Restart,

    /// <summary>Its server loads its code again; what has ended is started again.</summary>
    HotRestart,

    /// <summary>Another one is started beside it and takes over; what has ended is started again.</summary>
    ReplaceInstance,

    /// <summary>It is left alone, and another service is started.</summary>
    Start,

    /// <summary>It is left alone, as failed.</summary>
    Stop,

    /// <summary>It has done its work: it is Stopped, and nothing has failed.</summary>
    Finish,
}
