namespace ServiceCtl.Contracts;

/// <summary>Which section of tests.yaml a test is from.</summary>
public enum ServiceTestKind
{
    /// <summary>A JSON-RPC request to the running service.</summary>
    Integration,

    /// <summary>A Python function, called in the service's own interpreter.</summary>
    Unit,
}
