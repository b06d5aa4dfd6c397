namespace ServiceCtl.Tests.Integration.Support;

/// <summary>Waits for what another process does and nobody announces.</summary>
internal static class Condition
{
    /// <summary>Long enough for a machine that is busy with something else; what never comes costs a failed test this long.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static Task HoldsAsync(Func<bool> condition, string what) => HoldsAsync(() => Task.FromResult(condition()), what);

    public static async Task HoldsAsync(Func<Task<bool>> condition, string what)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!await condition())
        {
            Assert.False(limit.IsCancellationRequested, $"not within {Limit.TotalSeconds} s: {what}");
            await Task.Delay(20);
        }
    }
}
