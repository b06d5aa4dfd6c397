namespace ServiceCtl.Contracts;

/// <summary>Which of a service's logs.</summary>
public enum LogOrigin
{
    /// <summary>Everything, put into the order of its times.</summary>
    All,

    /// <summary>What the service prints, captured by the agent.</summary>
    Output,

    /// <summary>The file that the server itself writes: uWSGI's <c>logto</c>.</summary>
    Server,
}
