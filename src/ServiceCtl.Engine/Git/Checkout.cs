using System.Collections.Concurrent;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Git;

/// <summary>Where a checkout is.</summary>
internal static class Checkout
{
    /// <summary>The nearest folder above with a <c>.git</c>, where links lead to; null where there is none.</summary>
    /// <param name="folder">Where it begins.</param>
    /// <param name="known">What was found a moment ago, by folder: of many services, most have the same ones above. Grows by what is found
    /// now.</param>
    public static string? FindRoot(string folder, ConcurrentDictionary<string, string?>? known = null)
    {
        var passed = new List<string>();
        string? root = null;
        for (var at = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)); at is not null; at = Path.GetDirectoryName(at))
        {
            if (known?.TryGetValue(at, out root) == true)
                break;
            passed.Add(at);
            if (FileFacts.TryOfLink(at) is { IsLink: true }
                && new DirectoryInfo(at).ResolveLinkTarget(returnFinalTarget: true) is { } target)
                at = target.FullName;
            if (FileFacts.TryOf(Path.Combine(at, ".git")) is null)
                continue;
            root = at;
            break;
        }

        if (known is not null)
            passed.ForEach(one => known[one] = root);
        return root;
    }

    /// <summary>Whether the <c>.git</c> there is meant as one: a file leads to one, and a folder that is one has a HEAD.</summary>
    public static bool IsRepository(string root)
    {
        var git = Path.Combine(root, ".git");
        return File.Exists(git) || Path.Exists(Path.Combine(git, "HEAD"));
    }
}
