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
}
