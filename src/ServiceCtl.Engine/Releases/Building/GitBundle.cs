using System.Text;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Releases.Building;

/// <summary>
/// Bundles of one commit, without what the receiver has. <c>git bundle create</c> takes names only, and a name for the commit would be
/// written into the user's checkout; so the head of the file is written here, and the pack by git.
/// https://git-scm.com/docs/gitformat-bundle
/// </summary>
internal static class GitBundle
{
    /// <summary>What the commit is called, in the bundle and in the mirror that gets it.</summary>
    public const string Reference = "refs/servicectl/deployed";

    /// <summary>Of how many commits a receiver says that it has them.</summary>
    private const int Known = 20;

    private const int LengthOfSha256 = 64;

    /// <param name="checkout">What has the commit.</param>
    /// <param name="commit">Which.</param>
    /// <param name="known">Commits that the receiver has, with all that came before.</param>
    /// <param name="to">Takes the bundle.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ServiceCtlException">It can't be packed.</exception>
    public static async Task WriteAsync(
        Repository checkout, string commit, IReadOnlyList<string> known, Stream to, CancellationToken cancellation)
    {
        var head = new StringBuilder(commit.Length == LengthOfSha256 ? "# v3 git bundle\n@object-format=sha256\n" : "# v2 git bundle\n");
        foreach (var one in known)
            head.Append('-').Append(one).Append('\n');
        head.Append(commit).Append(' ').Append(Reference).Append("\n\n");
        await to.WriteAsync(Encoding.ASCII.GetBytes(head.ToString()), cancellation);
        var wanted = string.Concat([$"{commit}\n", .. known.Select(one => $"^{one}\n")]);
        await StreamedPair.DrainAsync(checkout.Pack(), wanted, to, $"Packing {commit} of {checkout.Folder}", cancellation);
    }

    /// <summary>Of commits that a receiver has, those that are here as well, and so can be left out.</summary>
    public static async Task<IReadOnlyList<string>> SharedAsync(
        Repository checkout, IReadOnlyList<string> theirs, CancellationToken cancellation)
    {
        List<string> shared = [];
        foreach (var one in theirs.Where(IsId).Distinct())
        {
            if (await checkout.TryAskAsync(cancellation, "cat-file", "-e", $"{one}^{{commit}}") is not null)
                shared.Add(one);
        }

        return shared;
    }

    /// <summary>Is a commit one of these, or before one of them?</summary>
    public static async Task<bool> IsInAsync(
        Repository repository, string commit, IReadOnlyList<string> known, CancellationToken cancellation)
    {
        foreach (var one in known)
        {
            if (one == commit || await repository.TryAskAsync(cancellation, "merge-base", "--is-ancestor", commit, one) is not null)
                return true;
        }

        return false;
    }

    /// <summary>The commits that a mirror has, the newest first.</summary>
    public static async Task<IReadOnlyList<string>> HeldAsync(Repository mirror, CancellationToken cancellation) =>
        await mirror.TryAskAsync(cancellation, "for-each-ref", $"--count={Known}", "--sort=-committerdate", "--format=%(objectname)",
            "refs/heads", Reference) is { Length: > 0 } text ? text.Split('\n') : [];

    /// <summary>Takes a bundle into a mirror.</summary>
    /// <exception cref="ServiceCtlException">It is none, or the mirror lacks what comes before.</exception>
    public static Task TakeAsync(Repository mirror, string file, CancellationToken cancellation) => mirror.AskAsync(
        "The bundle can't be taken in", cancellation, "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--", file,
        $"+{Reference}:{Reference}");

    private static bool IsId(string text) => text.Length is 40 or LengthOfSha256 && text.All(char.IsAsciiHexDigitLower);
}
