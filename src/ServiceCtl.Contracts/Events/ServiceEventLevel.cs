namespace ServiceCtl.Contracts;

/// <summary>How bad an event is, from the least.</summary>
public enum ServiceEventLevel
{
    /// <summary>Of use to whoever looks for something.</summary>
    Debug,

    /// <summary>It was to happen, or may.</summary>
    Info,

    /// <summary>Worth a look.</summary>
    Warning,

    /// <summary>Something has failed.</summary>
    Error,

    /// <summary>Something has failed, and stays so until somebody does something.</summary>
    Critical,
}
