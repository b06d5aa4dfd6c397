namespace ServiceCtl.Engine.Services.Failures;

/// <summary>Each failure is one; that a service was given up, and that it has come back, are others.</summary>
public enum FailureMoment
{
    Failed,
    GivenUp,
    Recovered,
}
