using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Releases.Tree;

/// <summary>A release as it is, whatever has died while it was made.</summary>
/// <param name="Id">The name of its folder.</param>
/// <param name="State">What its record and the link say together.</param>
/// <param name="Record">What it keeps of itself; empty for one that Capistrano made.</param>
internal sealed record Release(string Id, ReleaseState State, ReleaseRecord Record)
{
    private const string Interrupted = "The deploy was interrupted.";

    /// <summary>Could it serve again?</summary>
    public bool HasServed => State is ReleaseState.Current or ReleaseState.Previous or ReleaseState.Restored;

    /// <param name="id">The name of its folder.</param>
    /// <param name="kept">What it keeps of itself.</param>
    /// <param name="isCurrent">Does <c>current</c> lead to it?</param>
    /// <param name="isAtWork">Is somebody at work in the stage?</param>
    public static Release Of(string id, ReleaseRecord kept, bool isCurrent, bool isAtWork)
    {
        var state = (isCurrent, kept.State) switch
        {
            (true, _) => ReleaseState.Current,
            (_, ReleaseState.Current) => ReleaseState.Previous,
            (_, ReleaseState.Building or ReleaseState.Canary) when !isAtWork => ReleaseState.Failed,
            var (_, said) => said,
        };
        if (state == ReleaseState.Failed)
            return new Release(id, state, kept with { Problem = kept.Problem ?? Interrupted });
        return new Release(id, state, kept with { Problem = null });
    }
}
