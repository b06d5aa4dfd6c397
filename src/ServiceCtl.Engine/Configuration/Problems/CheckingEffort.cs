using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ServiceCtl.Engine.Configuration.Problems;

/// <summary>
/// How much one reading may cost beyond the size of its files: a schema of a few lines can ask for as many comparisons as there are
/// choices of choices, and for a pattern that takes its second at each of 200,000 values. All that is checked for one reading shares it.
/// </summary>
public sealed class CheckingEffort
{
    /// <summary>A second or two. A large configuration takes some thousand.</summary>
    private const long MostSteps = 2_000_000;

    /// <summary>A second or two, too.</summary>
    private const long MostWords = 200_000;

    private static readonly TimeSpan MostOfPatterns = TimeSpan.FromSeconds(3);

    private long _steps;
    private long _words;
    private TimeSpan _patterns;

    public bool IsSpent => _steps > MostSteps || _patterns > MostOfPatterns;

    /// <returns>False when there has been enough.</returns>
    public bool TrySpend(long steps = 1)
    {
        _steps += steps;
        return !IsSpent;
    }

    /// <summary>May a word be looked for among so many, to suggest the one that was meant? Nothing but the advice depends on it.</summary>
    public bool MaySearch(long words) => (_words += words) <= MostWords;

    /// <returns>Null when that takes too long, by itself or with all before.</returns>
    public bool? Matches(Regex pattern, string text)
    {
        if (IsSpent)
            return null;
        var begin = Stopwatch.GetTimestamp();
        try
        {
            return pattern.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
        finally
        {
            _patterns += Stopwatch.GetElapsedTime(begin);
        }
    }
}
