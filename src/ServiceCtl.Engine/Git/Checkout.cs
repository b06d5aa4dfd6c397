using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Git;

/// <summary>Where a checkout is.</summary>
internal static class Checkout
{
    /// <summary>The nearest folder above with a <c>.git</c>, where links lead to; null where there is none.</summary>
    public static string? FindRoot(string folder)
    {
        for (var at = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)); at is not null; at = Path.GetDirectoryName(at))
        {
            if (FileFacts.TryOfLink(at) is { IsLink: true } && new DirectoryInfo(at).ResolveLinkTarget(returnFinalTarget: true) is { } target)
                at = target.FullName;
            if (FileFacts.TryOf(Path.Combine(at, ".git")) is not null)
                return at;
        }

        return null;
    }

    /// <summary>Whether the <c>.git</c> there is meant as one: a file leads to one, and a folder that is one has a HEAD.</summary>
    public static bool IsRepository(string root)
    {
        var git = Path.Combine(root, ".git");
        return File.Exists(git) || Path.Exists(Path.Combine(git, "HEAD"));
    }
}
