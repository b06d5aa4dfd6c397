using ServiceCtl.Contracts;
using ServiceCtl.Engine.Git;
using ServiceCtl.Engine.Packaging;

namespace ServiceCtl.Engine.Images;

/// <summary>What an image is built from: commit and version, and the tag that they make.</summary>
/// <param name="Commit">Null where there is none.</param>
/// <param name="IsDirty">Do files differ from it?</param>
/// <param name="Version">What pyproject.toml says; null for nothing.</param>
/// <param name="IsReleased">Has this very commit the tag of that version?</param>
internal sealed record ImageRevision(string? Commit, bool IsDirty, string? Version, bool IsReleased)
{
    private const int ShortCommit = 12;

    /// <summary>
    /// The version where the commit is released, or where there is no commit; else the commit, so that two commits never have one tag.
    /// </summary>
    public string Tag => Commit is null ? ImageName.ToTag(Version ?? ImageName.Latest)
        : IsReleased && !IsDirty ? ImageName.ToTag(Version!)
        : $"{Commit[..Math.Min(ShortCommit, Commit.Length)]}{(IsDirty ? "-dirty" : "")}";

    public static async Task<ImageRevision> OfAsync(string folder, CancellationToken cancellation)
    {
        var version = File.Exists(ProjectFile.PathIn(folder)) ? VersionOf(folder, cancellation) : null;
        var found = (await new GitReader(TimeProvider.System).ReadAsync(folder, cancellation)).Revision;
        var tags = found?.Commit is null || version is null ? null
            : await new ProjectGit(folder).TryAsync(cancellation, "tag", "--points-at", "HEAD");
        var names = tags?.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        return new ImageRevision(found?.Commit, found?.Dirty ?? false, version,
            version is not null && (names.Contains(version) || names.Contains($"v{version}")
                || (NextVersion.TagOf(version) is { } tag && names.Contains(tag))));
    }

    /// <summary>A file that is no project's, or whose version a tool computes, says none.</summary>
    private static string? VersionOf(string folder, CancellationToken cancellation)
    {
        try
        {
            return ProjectFile.Read(folder, cancellation).FoundVersion;
        }
        catch (ServiceCtlException)
        {
            return null;
        }
    }
}
