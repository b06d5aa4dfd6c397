using ServiceCtl.Contracts;
using ServiceCtl.Engine.Environments;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Releases.Tree;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Releases.Building;

/// <summary>
/// The virtualenv of a release. One that is to be in the release's folder is a link to one in <c>shared/venvs</c>, which all releases have
/// that are made of the same things; so a release with the same requirements takes no time, and a rollback finds its own.
/// </summary>
internal sealed class ReleaseEnvironment(ReleaseTree tree, ServiceDefinition definition, string release, string id)
{
    private const string Folder = "venvs";

    /// <summary>What is installed beside what the release's files name; null for nothing.</summary>
    public string? Wheel { get; init; }

    private static string FolderOf(ReleaseTree tree) => Path.Combine(tree.Shared, Folder);

    /// <summary>Is one wanted that is to be in the release's folder?</summary>
    public bool IsInside => definition.VirtualEnvironment is { } path && path.StartsWith(release + "/", StringComparison.Ordinal);

    /// <summary>The same, and nothing of that name is in it: no commit and no linked folder has brought one.</summary>
    public bool IsShared => IsInside && !tree.Use(() => Path.Exists(definition.VirtualEnvironment!));

    /// <summary>What it is called in <c>shared/venvs</c>.</summary>
    public async Task<string> NameAsync(CancellationToken cancellation)
    {
        var plan = Plan();
        var version = await new EnvironmentMaker(plan, TimeProvider.System).ReadVersionAsync(cancellation);
        return plan.HoldsOwnCode ? $"{plan.Fingerprint(version)}-{id}" : plan.Fingerprint(version);
    }

    /// <summary>Is it there already?</summary>
    public bool Exists(string name) => tree.Use(() => File.Exists(Path.Combine(FolderOf(tree), name, "bin", "python")));

    /// <summary>Makes it if it is not there, and links it into the release.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.EnvironmentFailed"/>, with the tool's lines.</exception>
    public async Task<PyServiceEnvironment> MakeAsync(string name, IProgress<OperationProgress> progress, CancellationToken cancellation)
    {
        UserFiles.MakeFolder(tree.Actor, FolderOf(tree));
        var path = Path.Combine(FolderOf(tree), name);
        var made = await new EnvironmentMaker(Plan() with { Path = path }, TimeProvider.System).MakeAsync(false, progress, cancellation);
        tree.Use(() =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(definition.VirtualEnvironment!)!);
            return File.CreateSymbolicLink(definition.VirtualEnvironment!, path);
        });
        return made;
    }

    /// <summary>Makes one that is somewhere else, as <c>servicectl env</c> does.</summary>
    public Task<PyServiceEnvironment> MakeInPlaceAsync(IProgress<OperationProgress> progress, CancellationToken cancellation) =>
        new EnvironmentMaker(EnvironmentPlan.Of(definition) with { CacheAbove = tree.Shared }, TimeProvider.System)
            .MakeAsync(false, progress, cancellation);

    /// <summary>Deletes those that no release has any more.</summary>
    public static int Prune(ReleaseTree tree, IReadOnlySet<string> wanted)
    {
        var folder = FolderOf(tree);
        if (!tree.Use(() => Directory.Exists(folder)))
            return 0;
        var count = 0;
        foreach (var link in tree.Use(() => new DirectoryInfo(folder).GetDirectories())
            .Where(entry => entry.Name[0] != '.' && entry.LinkTarget is not null && !wanted.Contains(entry.Name)))
        {
            tree.Use(() => File.Delete(link.FullName));
            foreach (var made in tree.Use(() => Directory.GetDirectories(folder, $".{link.Name}-*")))
                FolderTree.Delete(tree.Actor, made);
            count++;
        }

        return count;
    }

    private EnvironmentPlan Plan() => EnvironmentPlan.Of(definition) with
    {
        Base = release,
        Wheel = Wheel,
        CacheAbove = tree.Shared,
        Actor = tree.Actor,
    };
}
