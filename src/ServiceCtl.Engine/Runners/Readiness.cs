namespace ServiceCtl.Engine.Runners;

/// <summary>Is a process ready, and if not, what is it waiting for?</summary>
public readonly record struct Readiness(bool IsReady, string Words)
{
    public static Readiness Ready { get; } = new(true, "ready");

    public static Readiness NotYet(string words) => new(false, words);
}
