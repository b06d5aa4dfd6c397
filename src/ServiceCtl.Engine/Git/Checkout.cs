namespace ServiceCtl.Engine.Git;

/// <summary>Where a checkout is.</summary>
internal static class Checkout
{
    /// <summary>The nearest folder above with a <c>.git</c>, where links lead to; null where there is none.</summary>
    public static string? FindRoot(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            if (at.LinkTarget is not null && at.ResolveLinkTarget(returnFinalTarget: true) is DirectoryInfo target)
                at = target;
            if (Path.Exists(Path.Combine(at.FullName, ".git")))
                return at.FullName;
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
