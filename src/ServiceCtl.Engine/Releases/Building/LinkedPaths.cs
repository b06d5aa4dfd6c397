using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Releases.Settings;
using ServiceCtl.Engine.Releases.Tree;

namespace ServiceCtl.Engine.Releases.Building;

/// <summary>What releases share: files and folders of <c>shared</c>, which each has as links. As Capistrano does it: files first.</summary>
internal sealed class LinkedPaths(DeploySettings settings, ReleaseTree tree)
{
    /// <summary>Makes the folders; a file that is missing stops the deploy.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidState"/>: a file does not exist.</exception>
    public void Prepare()
    {
        tree.Use(() =>
        {
            foreach (var folder in settings.LinkedDirs)
                Directory.CreateDirectory(Path.Combine(tree.Shared, folder));
            foreach (var file in settings.LinkedFiles)
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(tree.Shared, file))!);
        });
        if (FindMissing() is { } missing)
        {
            throw new ServiceCtlException(ErrorCode.InvalidState, missing,
                $"linked file {missing} does not exist on {Environment.MachineName}", "Put it there; all releases share it.");
        }
    }

    /// <summary>A linked file that is not there; null when all are.</summary>
    public string? FindMissing() => settings.LinkedFiles.Select(file => Path.Combine(tree.Shared, file))
        .FirstOrDefault(file => !tree.Use(() => File.Exists(file)));

    /// <summary>Makes the links of a release; what the release has of these names gives way.</summary>
    public void Link(string release) => tree.Use(() =>
    {
        foreach (var path in settings.LinkedFiles.Concat(settings.LinkedDirs))
        {
            var target = Path.Combine(release, path);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            if (new FileInfo(target).LinkTarget is not null)
                continue;
            if (Directory.Exists(target))
            {
                FolderTree.Empty(target);
                Directory.Delete(target);
            }

            File.Delete(target);
            File.CreateSymbolicLink(target, Path.Combine(tree.Shared, path));
        }
    });
}
