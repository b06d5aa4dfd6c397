namespace ServiceCtl.Engine.Git;

/// <summary>Where a checkout is.</summary>
internal static class Checkout
{
    /// <summary>The nearest folder above with a <c>.git</c>; null where there is none.</summary>
    public static string? FindRoot(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            if (Path.Exists(Path.Combine(at.FullName, ".git")))
                return at.FullName;
        }
        return null;
    }
}
