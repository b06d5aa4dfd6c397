using System.Globalization;
using System.Text.RegularExpressions;

namespace ServiceCtl.Engine.Images;

/// <summary>
/// Counts the steps of a build by what is printed: <c>Step 3/9 : RUN …</c> of the old builder, <c>[1/2] STEP 3/9: RUN …</c> of podman,
/// <c>#7 [build 3/9] RUN …</c> of BuildKit.
/// </summary>
internal sealed partial class BuildSteps
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly HashSet<string> _cached = new(StringComparer.Ordinal);
    private string? _current;

    public int Count
    {
        get
        {
            lock (_gate)
                return _seen.Count;
        }
    }

    public int Cached
    {
        get
        {
            lock (_gate)
                return _cached.Count;
        }
    }

    /// <param name="line">Of the tool.</param>
    /// <returns>How far the build is, in percent of its steps, where the line begins one.</returns>
    public int? Take(string line)
    {
        lock (_gate)
        {
            if (Step().Match(line) is { Success: true } step)
            {
                var (number, of) = (Number(step, "number"), Number(step, "of"));
                _current = step.Groups["id"] is { Success: true, Value: var id } ? id : step.Value;
                _seen.Add(_current);
                return of is 0 ? null : (int)Math.Clamp(100L * (number - 1) / of, 0, 99);
            }

            if (Hit().Match(line) is { Success: true } hit)
            {
                var about = hit.Groups["id"] is { Success: true, Value: var id } ? id : _current;
                if (about is not null && _seen.Contains(about))
                    _cached.Add(about);
            }

            return null;
        }
    }

    private static int Number(Match match, string group) =>
        int.TryParse(match.Groups[group].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    [GeneratedRegex(
        @"^(Step (?<number>\d+)/(?<of>\d+) ?:|(\[\d+/\d+\] )?STEP (?<number>\d+)/(?<of>\d+):"
            + @"|(?<id>#\d+) \[(\S+ )?(?<number>\d+)/(?<of>\d+)\])",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Step();

    [GeneratedRegex(@"^( ---> Using cache|--> Using cache|(?<id>#\d+) CACHED)", RegexOptions.ExplicitCapture)]
    private static partial Regex Hit();
}
