using System.Text.Json.Serialization;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Services;

/// <summary>
/// A link on the way to a service's folder, and the folder it leads to. The link may move to another release at any time; what is launched
/// takes the folder it led to then, for all of its paths and as long as it lives.
/// </summary>
/// <param name="Link">Absolute path of the link.</param>
/// <param name="Folder">Where it leads: a path without any link.</param>
public sealed record ReleasePlace(string Link, string Folder)
{
    /// <summary>What the folder of releases is called, since Capistrano.</summary>
    public const string Releases = "releases";

    private const int MostLinks = 40;   // what path_resolution(7) allows

    /// <summary>The release's name, where it is one of a folder <c>releases</c>; null for any other folder behind a link.</summary>
    [JsonIgnore]
    public string? Id => Path.GetFileName(Path.GetDirectoryName(Folder)) == Releases ? Path.GetFileName(Folder) : null;

    /// <summary>The last link on the way to a folder, as it leads now; null where there is none, or it leads nowhere.</summary>
    /// <param name="folder">Absolute.</param>
    public static ReleasePlace? Of(string folder)
    {
        for (var at = Path.TrimEndingDirectorySeparator(folder); at is not null && at != "/"; at = Path.GetDirectoryName(at))
        {
            if (FileFacts.TryOfLink(at) is { IsLink: true })
                return RealPathOf(at) is { } real ? new ReleasePlace(at, real) : null;
        }

        return null;
    }

    /// <summary>The path without links that a path leads to; null where there is nothing.</summary>
    public static string? RealPathOf(string path)
    {
        var rest = new Stack<string>(Path.GetFullPath(path).Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        var at = "/";
        for (var links = 0; rest.TryPop(out var name);)
        {
            var next = name == ".." ? Path.GetDirectoryName(at) ?? "/" : Path.Combine(at, name);
            if (FileFacts.TryOfLink(next) is not { } facts)
                return null;
            if (!facts.IsLink)
            {
                at = next;
                continue;
            }

            if (++links > MostLinks || TargetOf(next) is not { } target)
                return null;
            if (target.StartsWith('/'))
                at = "/";
            foreach (var part in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse().Where(part => part != "."))
                rest.Push(part);
        }

        return at;
    }

    /// <summary>Is it the link, or something behind it?</summary>
    public bool Leads(string path) => IsAtOrBelow(path, Link);

    /// <summary>Where a path that goes through the link leads; others are what they are.</summary>
    public string Resolve(string path) => Leads(path) ? Folder + path[Link.Length..] : path;

    /// <summary>The path through the link of something in the folder.</summary>
    public string Through(string path) => IsAtOrBelow(path, Folder) ? Link + path[Folder.Length..] : path;

    /// <summary>The same link, to the release beside this one that a path is in; null where it is in none.</summary>
    /// <param name="path">Without links.</param>
    public ReleasePlace? Beside(string path)
    {
        var releases = Path.GetDirectoryName(Folder)!;
        if (path == releases || !IsAtOrBelow(path, releases))
            return null;
        var end = path.IndexOf('/', releases.Length + 1);
        return this with { Folder = end < 0 ? path : path[..end] };
    }

    /// <summary>Is a path a folder, or of something in it? By its letters.</summary>
    public static bool IsAtOrBelow(string path, string folder) =>
        path.StartsWith(folder, StringComparison.Ordinal) && (path.Length == folder.Length || path[folder.Length] == '/');

    private static string? TargetOf(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
