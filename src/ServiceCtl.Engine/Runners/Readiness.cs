namespace ServiceCtl.Engine.Runners;

/// <summary>Is a process ready, and if not, what is it waiting for?</summary>
/// <param name="IsReady">It serves.</param>
/// <param name="Words">What is missing.</param>
/// <param name="Again">It is no use to ask earlier; null where nobody knows.</param>
public readonly record struct Readiness(bool IsReady, string Words, TimeSpan? Again = null)
{
    public static Readiness Ready { get; } = new(true, "ready");

    public static Readiness NotYet(string words, TimeSpan? again = null) => new(false, words, again);
}
