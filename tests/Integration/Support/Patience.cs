namespace ServiceCtl.Tests.Integration.Support;

/// <summary>How long tests wait for what has to come: a machine that is busy with something else makes them slow, never wrong.</summary>
internal static class Patience
{
    /// <summary>What never comes costs a failed test this long, and nothing else.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>A source that is cancelled when patience is at its end.</summary>
    public static CancellationTokenSource Begin() => new(Limit);

    /// <summary>
    /// Tries until it is as quick as it has to be. Something else may hold a try up, and nobody can tell by how much; what can't be quick
    /// never is.
    /// </summary>
    /// <returns>The quickest.</returns>
    public static async Task<TimeSpan> QuickestAsync(TimeSpan goal, Func<Task<TimeSpan>> attempt)
    {
        using var limit = Begin();
        var quickest = TimeSpan.MaxValue;
        while (quickest > goal && !limit.IsCancellationRequested)
        {
            var took = await attempt();
            quickest = took < quickest ? took : quickest;
        }

        return quickest;
    }
}
