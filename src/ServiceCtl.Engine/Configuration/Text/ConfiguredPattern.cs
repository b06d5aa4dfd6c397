using System.Text.RegularExpressions;

namespace ServiceCtl.Engine.Configuration.Text;

/// <summary>
/// A regular expression out of a configuration, which somebody else may have written to hurt: linear where it can be, and limited in time
/// everywhere.
/// </summary>
internal static class ConfiguredPattern
{
    /// <summary>For one text. What takes longer never ends.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    /// <summary>At least, where time grows with the text alone: what is longer than that is the time that a busy machine takes.</summary>
    private static readonly TimeSpan LeastForLinear = TimeSpan.FromMilliseconds(500);

    /// <exception cref="RegexParseException">It is no regular expression.</exception>
    public static Regex Compile(string pattern) => Compile(pattern, Limit);

    /// <inheritdoc cref="Compile(string)"/>
    public static Regex Compile(string pattern, TimeSpan limit)
    {
        try
        {
            return new Regex(
                pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, limit < LeastForLinear ? LeastForLinear : limit);
        }
        catch (NotSupportedException)
        {
            // What looks around or back, and what would need too much memory.
            return new Regex(pattern, RegexOptions.CultureInvariant, limit);
        }
    }

    /// <summary>What to do about one that takes too long.</summary>
    public const string Advice = "Write it without repetitions inside repetitions, such as '(a+)+', and without looking around or back.";
}
