using System.Globalization;
using System.Text.RegularExpressions;

namespace ServiceCtl.Engine.Releases.Settings;

/// <summary>How many hosts are in a batch.</summary>
/// <param name="Number">So many hosts, or so many of a hundred.</param>
/// <param name="IsShare">Is it a share of all?</param>
internal readonly partial record struct BatchSize(int Number, bool IsShare)
{
    /// <summary>As people write it: <c>2</c>, <c>25%</c>.</summary>
    public static Regex Form { get; } = Pattern();

    public static BatchSize Parse(string text) =>
        new(int.Parse(text.TrimEnd('%'), CultureInfo.InvariantCulture), text.EndsWith('%'));

    /// <summary>So many of that many hosts; at least one, so that a rollout comes to its end.</summary>
    public int Of(int hosts) => Math.Max(1, IsShare ? hosts * Number / 100 : Number);

    /// <summary>Cuts a list into batches; the last size counts for all that follow.</summary>
    public static IReadOnlyList<IReadOnlyList<T>> Cut<T>(IReadOnlyList<T> hosts, IReadOnlyList<BatchSize> sizes)
    {
        List<IReadOnlyList<T>> batches = [];
        for (var done = 0; done < hosts.Count; done += batches[^1].Count)
        {
            var size = sizes.Count == 0 ? hosts.Count : sizes[Math.Min(batches.Count, sizes.Count - 1)].Of(hosts.Count);
            batches.Add([.. hosts.Skip(done).Take(size)]);
        }

        return batches;
    }

    [GeneratedRegex(@"\A([1-9][0-9]{0,3}|([1-9][0-9]?|100)%)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
