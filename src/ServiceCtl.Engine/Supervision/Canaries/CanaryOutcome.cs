namespace ServiceCtl.Engine.Supervision.Canaries;

internal enum CanaryOutcome
{
    Good,

    /// <summary>Nothing speaks against it, but fewer requests have come than a verdict takes.</summary>
    TooFew,

    Bad,
}
