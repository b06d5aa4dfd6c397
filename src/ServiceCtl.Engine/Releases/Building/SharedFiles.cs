using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Releases.Settings;
using ServiceCtl.Engine.Releases.Tree;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Releases.Building;

/// <summary>
/// What templates put outside of a release: files in <c>shared</c>, and links from elsewhere, such as <c>/etc/init.d/NAME</c>. A release
/// keeps its own files for <c>shared</c>, so that a rollback has those that belong to it.
/// </summary>
internal sealed class SharedFiles(DeploySettings settings, ReleaseTree tree)
{
    /// <summary>Where a release keeps them.</summary>
    public const string Folder = ".shared";

    private const int Longest = 4 << 20;

    /// <summary>Puts those of a release into <c>shared</c>.</summary>
    /// <returns>What takes them back, to what was there before.</returns>
    public Action Put(string release)
    {
        List<(string Path, byte[]? Bytes, UnixFileMode Mode)> before = [];
        try
        {
            tree.Use(() => PutAll(Path.Combine(release, Folder), before));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            TakeBack();
            throw;
        }

        return TakeBack;

        void TakeBack() => tree.Use(() =>
        {
            foreach (var (path, bytes, mode) in before)
            {
                if (bytes is null)
                    File.Delete(path);
                else
                    AtomicFile.Write(path, bytes, isDurable: false, mode);
            }
        });
    }

    /// <summary>Sees, before anything is made, that each link can be one.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.FileExists"/>: something else has its name.</exception>
    public void RequireLinks()
    {
        foreach (var (link, _) in Links())
        {
            if (!Directory.Exists(Path.GetDirectoryName(link)))
                throw new ServiceCtlException(ErrorCode.InvalidArgument, link, $"There is no folder for the link {link}.",
                    "Make it, or correct `link`.");
            if (!Path.Exists(link) && new FileInfo(link).LinkTarget is null)
                continue;
            if (new FileInfo(link).LinkTarget is not { } target || !ReleasePlace.IsAtOrBelow(target, tree.Root))
            {
                throw new ServiceCtlException(ErrorCode.FileExists, link,
                    $"{link} is there and does not lead into {tree.Root}. It was left alone.", "Move it away, or correct `link`.");
            }
        }
    }

    /// <summary>Makes the links, with the rights of the service's user where root deploys for one.</summary>
    /// <returns>How many there are.</returns>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.AccessDenied"/>.</exception>
    public int Link()
    {
        RequireLinks();
        var count = 0;
        foreach (var (link, target) in Links())
        {
            count++;
            try
            {
                tree.Use(() =>
                {
                    if (new FileInfo(link).LinkTarget != target)
                        SymbolicLink.Point(link, target);
                });
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new ServiceCtlException(ErrorCode.AccessDenied, link,
                    $"The link {link} can't be made{(tree.Actor is { User: var user } ? $" by {user}" : "")}: {error.Message}",
                    "Make it by hand. Root would run what that user can change; 'servicectl unit NAME --type sysv' makes a script of "
                        + "root's own.", error);
            }
        }

        return count;
    }

    private IEnumerable<(string Link, string Target)> Links() => settings.Templates.Where(template => template.Link is not null)
        .Select(template => (template.Link!,
            Path.Combine(template.Into == TemplatePlace.Shared ? tree.Shared : tree.Current, template.To)));

    private void PutAll(string folder, List<(string, byte[]?, UnixFileMode)> before)
    {
        if (!Directory.Exists(folder))
            return;
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var path = Path.Combine(tree.Shared, Path.GetRelativePath(folder, file));
            var isThere = File.Exists(path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            before.Add((path, isThere ? UserFiles.ReadAll(user: null, path, Longest) : null,
                isThere ? File.GetUnixFileMode(path) : default));
            AtomicFile.Write(path, UserFiles.ReadAll(user: null, file, Longest), isDurable: false, File.GetUnixFileMode(file));
        }
    }
}
