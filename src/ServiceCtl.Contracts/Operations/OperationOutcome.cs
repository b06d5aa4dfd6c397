namespace ServiceCtl.Contracts;

public enum OperationOutcome
{
    /// <summary>The order was carried out.</summary>
    Done,

    /// <summary>The service was already as ordered; nothing was done.</summary>
    Unchanged,

    Failed,
}
