namespace ServiceCtl.Contracts;

public enum PyServiceFailureEvent
{
    /// <summary>It has failed.</summary>
    Failed,

    /// <summary>It has failed too often, and is left alone.</summary>
    GivenUp,

    /// <summary>It serves again.</summary>
    Recovered,
}
