namespace ServiceCtl.Contracts;

public enum ServiceTestOutcome
{
    Passed,

    /// <summary>Not as expected, or not answered within its time.</summary>
    Failed,
}
