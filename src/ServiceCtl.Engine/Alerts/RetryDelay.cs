namespace ServiceCtl.Engine.Alerts;

/// <summary>How long a destination is left alone that did not take an alert.</summary>
internal static class RetryDelay
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>However long it asks for: a clock that is wrong there would silence it for ever.</summary>
    private static readonly TimeSpan LongestAsked = TimeSpan.FromHours(1);

    /// <summary>Of one that refuses whoever comes: somebody has to mend it.</summary>
    public static readonly TimeSpan Parked = TimeSpan.FromMinutes(10);

    /// <param name="failures">In a row, from 1.</param>
    /// <param name="asked">What the receiver asks for; null for nothing.</param>
    /// <param name="chance">From 0 to 1: hosts that failed together don't come together again.</param>
    public static TimeSpan After(int failures, TimeSpan? asked, double chance)
    {
        var usual = Math.Min(Longest.TotalSeconds, First.TotalSeconds * Math.Pow(2, Math.Min(failures - 1, 20)));
        var wait = TimeSpan.FromSeconds(usual * (0.8 + (0.4 * chance)));
        return asked is not { } least ? wait : least > LongestAsked ? LongestAsked : least > wait ? least : wait;
    }
}
