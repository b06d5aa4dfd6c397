namespace ServiceCtl.Engine.Configuration.Search;

/// <summary>
/// Everything whose change can put another file at a path: the name itself, each link on the way (a release's <c>current</c>, the
/// <c>..data</c> of a Kubernetes volume), and the folder, which may be replaced as a whole.
/// </summary>
public static class WatchPoints
{
    /// <summary>As the kernel's own limit.</summary>
    private const int LinkLimit = 40;

    /// <summary>Folders and the names in them, without links; none twice. They may not be there.</summary>
    /// <param name="path">Absolute.</param>
    public static IReadOnlySet<(string Folder, string Name)> Of(string path)
    {
        var trail = new HashSet<(string, string)>();
        var waiting = new Stack<string>(Path.GetFullPath(path).Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        var at = "/";
        for (var links = 0; waiting.TryPop(out var name);)
        {
            var next = Path.Join(at, name);
            if (name == "..")
            {
                at = Path.GetDirectoryName(at) ?? "/";
            }
            else if (TargetOf(next) is { } target && links++ < LinkLimit)
            {
                trail.Add((at, name));
                if (target.StartsWith('/'))
                    at = "/";
                foreach (var part in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse().Where(part => part != "."))
                    waiting.Push(part);
            }
            else if (waiting.Count > 0)
            {
                at = next;
            }
            else
            {
                trail.Add((at, name));
            }
        }

        if (Path.GetDirectoryName(at) is { } above)
            trail.Add((above, Path.GetFileName(at)));
        return trail;
    }

    private static string? TargetOf(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
