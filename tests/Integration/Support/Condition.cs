namespace ServiceCtl.Tests.Integration.Support;

/// <summary>Waits for what another process does and nobody announces.</summary>
internal static class Condition
{
    public static Task HoldsAsync(Func<bool> condition, string what) => HoldsAsync(() => Task.FromResult(condition()), what);

    public static async Task HoldsAsync(Func<Task<bool>> condition, string what)
    {
        using var limit = Patience.Begin();
        while (!await condition())
        {
            Assert.False(limit.IsCancellationRequested, $"not within {Patience.Limit.TotalSeconds} s: {what}");
            await Task.Delay(20);
        }
    }
}
