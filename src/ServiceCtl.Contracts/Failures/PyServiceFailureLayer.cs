namespace ServiceCtl.Contracts;

public enum PyServiceFailureLayer
{
    /// <summary>The service as a whole.</summary>
    Service,

    /// <summary>One of several instances; the others serve.</summary>
    Instance,

    /// <summary>All services of the host.</summary>
    Host,
}
