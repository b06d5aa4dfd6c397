using ServiceCtl.Contracts;
using ServiceCtl.Engine.Releases.Building;
using ServiceCtl.Engine.Releases.Tree;
using ServiceCtl.Engine.Runners;

namespace ServiceCtl.Engine.Releases.Deploying;

/// <summary>Makes a release, up to the moment at which it could serve.</summary>
internal sealed class ReleaseBuilder(DeployContext context, DeployLog log, IReadOnlyDictionary<string, string> secrets)
{
    private ReleaseTree Tree => context.Tree;

    /// <summary>Runs what is to be made here before.</summary>
    public Task BuildHereAsync(CancellationToken cancellation) => log.StepAsync("build", async told =>
    {
        if (context.Settings.BuildRun.Count == 0)
            return "";
        var hooks = new ServiceHooks(context.Settings.Folder, context.Settings.Variables, context.LocalUser, log.Mask);
        await hooks.RunAsync("build", context.Settings.BuildRun, told, cancellation);
        return $"{context.Settings.BuildRun.Count} commands have run in {context.Settings.Folder}.";
    });

    /// <returns>The release, which is ready.</returns>
    public async Task<Release> MakeAsync(CancellationToken cancellation)
    {
        var source = context.Source;
        SourceRevision revision = null!;
        await log.StepAsync("revision", async _ =>
        {
            revision = await source.ResolveAsync(cancellation);
            return $"{revision.Name} is {revision.Commit ?? "no commit"}.";
        });
        var record = new ReleaseRecord
        {
            State = ReleaseState.Building,
            Commit = revision.Commit,
            Branch = revision.Name,
            By = context.By,
            From = context.From,
            CreatedAt = context.Time.GetLocalNow(),
        };
        var id = Tree.Add(context.Time.GetUtcNow(), source.Id);
        log.Release = id;
        Tree.Write(id, record);
        var release = Tree.PathOf(id);

        await log.StepAsync("unpack", async _ =>
        {
            try
            {
                await source.UnpackAsync(revision, release, cancellation);
                if (context.Sent is null)
                    await CopyBuiltAsync(release, cancellation);
                Tree.WriteRevision(id, revision.Commit, revision.Time);
            }
            catch
            {
                // Half of it is of no use to anybody, and may be what the disk is full of.
                Tree.Clear(id);
                throw;
            }

            WarnOfWhatIsLeftOut(release);
            return $"{release} holds {revision.Commit ?? revision.Name}.";
        });
        await log.StepAsync("links", _ =>
        {
            new LinkedPaths(context.Settings, Tree).Link(release);
            var count = context.Settings.LinkedFiles.Count + context.Settings.LinkedDirs.Count;
            return Task.FromResult(count switch
            {
                0 => "",
                1 => $"1 link leads to {Tree.Shared}.",
                _ => $"{count} links lead to {Tree.Shared}.",
            });
        });
        var building = new Release(id, ReleaseState.Building, record);
        await log.StepAsync("templates", _ =>
        {
            var files = Templates(building).Render();
            ReleaseTemplates.Write(files, release, Tree.Actor);
            return Task.FromResult(files.Count == 0 ? "" : $"{string.Join(", ", files.Select(file => file.To))} rendered.");
        });
        record = await MakeEnvironmentAsync(id, record, cancellation);
        await log.StepAsync("import", async _ =>
        {
            var definition = await context.DefineAsync(id, cancellation);
            ServiceEnvironment.RequireVirtualEnvironment(definition);
            return await ImportCheck.RunAsync(definition, cancellation) ? "Its code can be imported." : "";
        });
        Tree.Write(id, record with { State = ReleaseState.Ready });
        return Tree.Get(id);
    }

    public ReleaseTemplates Templates(Release release) =>
        new(context.Settings, context.ValuesOf(release), secrets, context.LocalUser ?? Tree.Actor?.User);

    private async Task<ReleaseRecord> MakeEnvironmentAsync(string id, ReleaseRecord record, CancellationToken cancellation)
    {
        await log.StepAsync("virtualenv", async told =>
        {
            var definition = await context.DefineAsync(id, cancellation);
            var isWheel = context.Settings.Via == Settings.SourceVia.Wheel;
            if (definition.VirtualEnvironment is null && !isWheel)
                return "";
            var environment = new ReleaseEnvironment(Tree, definition, Tree.PathOf(id), id)
            {
                Wheel = isWheel ? FindWheel(id) : null,
            };
            if (isWheel && !environment.IsShared)
            {
                throw new ServiceCtlException(ErrorCode.InvalidArgument, definition.ConfigPath,
                    "`via: wheel` needs a virtualenv that each release has for itself, and "
                        + (definition.VirtualEnvironment is { } other ? $"{other} is none." : $"{definition.Name} has none."),
                    $"Write 'env_directory: venv' into {Path.GetFileName(definition.ConfigPath)}, and bring no folder of that name.");
            }

            var lines = new Lines(told);
            if (environment.IsShared)
            {
                var name = await environment.NameAsync(cancellation);
                // Noted before it is made, so that nobody deletes it meanwhile.
                record = record with { Environment = name };
                Tree.Write(id, record);
                return TextOf(await environment.MakeAsync(name, lines, cancellation));
            }

            // What the commit or a linked folder brings is its own affair.
            if (environment.IsInside)
                return $"{definition.VirtualEnvironment} is there already.";
            return TextOf(await environment.MakeInPlaceAsync(lines, cancellation));
        });
        return record;
    }

    private string FindWheel(string id) => Tree.Use(() =>
        Directory.GetFiles(Path.Combine(Tree.PathOf(id), WheelSource.Folder), "*.whl")) is [var one] ? one : throw new ServiceCtlException(
        ErrorCode.System, id, $"There is no wheel in the release {id}.", "Deploy again.");

    private static string TextOf(PyServiceEnvironment made) => made.Change == EnvironmentChange.None
        ? $"{made.Path} is used again: it is made of the same things."
        : $"{made.Path} was made, with {made.Packages.Count} packages.";

    /// <summary>Copies what was made before in the folder of deploy.yaml.</summary>
    public async Task CopyBuiltAsync(string release, CancellationToken cancellation)
    {
        if (context.Settings.BuildCopy is not { Count: > 0 } paths)
            return;
        await StreamedPair.RunAsync(
            TarFile.Pack(context.Settings.Folder, [.. paths.Select(path => $"./{path}")], []), TarFile.Unpack(release, 0, Tree.Actor?.User),
            $"Copying {string.Join(", ", paths)} into {release}", cancellation);
    }

    /// <summary>An archive has no submodules, and of large files their pointers.</summary>
    private void WarnOfWhatIsLeftOut(string release)
    {
        if (context.Settings.Via is Settings.SourceVia.Folder or Settings.SourceVia.Wheel)
            return;
        var (submodules, pointers) = Tree.Use(() => LeftOut.Find(release));
        // Of what is built somebody may have made empty folders on purpose.
        if (submodules.Count > 0 && (context.Settings.BuildCopy.Count == 0
            || Tree.Use(() => File.Exists(Path.Combine(release, ".gitmodules")))))
            log.Warn($"The submodules {LeftOut.Name(submodules)} are empty: `git archive` leaves them out. "
                + "`via: folder` takes them along.");
        if (pointers.Count > 0)
            log.Warn($"Of the files of Git LFS {LeftOut.Name(pointers)} there are only the pointers. `via: folder` takes them along.");
    }

    private sealed class Lines(Action<string> told) : IProgress<OperationProgress>
    {
        public void Report(OperationProgress value) => told(value.Step);
    }
}
