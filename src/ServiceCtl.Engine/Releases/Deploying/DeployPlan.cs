using ServiceCtl.Contracts;
using ServiceCtl.Engine.Releases.Building;
using ServiceCtl.Engine.Releases.Settings;
using ServiceCtl.Engine.Releases.Tree;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Releases.Deploying;

/// <summary>Finds out what a deploy would do, and changes nothing.</summary>
internal sealed class DeployPlan(DeployContext context)
{
    public async Task<PyServiceDeployPlan> MakeAsync(CancellationToken cancellation)
    {
        List<string> problems = [];
        await foreach (var check in new StageCheck(context).RunAsync(cancellation))
        {
            if (check.Outcome == HostCheckOutcome.Failed)
                problems.Add(check.Message);
        }

        var releases = context.Tree.List();
        var current = releases.FirstOrDefault(release => release.State == ReleaseState.Current);
        SourceRevision? revision = null;
        IReadOnlyList<string> commits = [];
        try
        {
            revision = await context.Source.PeekAsync(cancellation);
            if (revision.Commit is { } commit && current?.Record.Commit is { } before && context.Source.Repository is { } repository)
                commits = await repository.CommitsAsync(before, commit, cancellation);
        }
        catch (ServiceCtlException)
        {
            // Told above.
        }

        var id = ReleaseId.Next(context.Time.GetUtcNow(), releases.Count == 0 ? null : releases[^1].Id);
        var next = new Release(id, ReleaseState.Building,
            new ReleaseRecord { State = ReleaseState.Building, Commit = revision?.Commit, Branch = revision?.Name });
        return new PyServiceDeployPlan
        {
            HostName = context.Host?.Name,
            Service = context.Service,
            Stage = context.Settings.Stage,
            Commit = revision?.Commit,
            CurrentRelease = current?.Id,
            CurrentCommit = current?.Record.Commit,
            Commits = commits,
            Templates = await DifferencesAsync(next, current, problems, cancellation),
            Environment = await EnvironmentAsync(problems, cancellation),
            Pruned = PrunedAfter(releases, next),
            Lock = StageLock.Find(context.Tree),
            Problems = problems,
        };
    }

    private async Task<IReadOnlyList<string>> DifferencesAsync(
        Release next, Release? current, List<string> problems, CancellationToken cancellation)
    {
        try
        {
            var secrets = await context.SecretsAsync(cancellation);
            var builder = new ReleaseBuilder(context, new DeployLog(context.Tree, null), secrets);
            return ReleaseTemplates.Differences(builder.Templates(next).Render(), context.Tree.PathOf(current?.Id ?? next.Id),
                context.Tree.Actor, context.MaskOf(secrets));
        }
        catch (ServiceCtlException error)
        {
            if (!problems.Contains(error.Message))
                problems.Add(error.Message);
            return [];
        }
    }

    private IReadOnlyList<string> PrunedAfter(IReadOnlyList<Release> releases, Release next)
    {
        var then = releases
            .Select(release => release.State == ReleaseState.Current ? release with { State = ReleaseState.Previous } : release)
            .Append(next with { State = ReleaseState.Current });
        return [.. ReleasePolicy.ToPrune([.. then], context.Settings.KeepReleases, context.Settings.KeepFailed)
            .Select(release => release.Id)];
    }

    /// <summary>By the folder of deploy.yaml, as no release is made.</summary>
    private async Task<string?> EnvironmentAsync(List<string> problems, CancellationToken cancellation)
    {
        try
        {
            if (context.Settings.Via == SourceVia.Wheel)
                return "It is made, or used again where the wheel is the same.";
            var folder = Path.GetFullPath(context.Settings.Tree, context.Settings.Folder);
            if (ServiceSources.FindConfig(folder) is not { } config)
                return null;
            var definition = await ServiceDefinitionReader.ReadAsync(config, context.Service, cancellation);
            var environment = new ReleaseEnvironment(context.Tree, definition, folder, "");
            if (!environment.IsInside)
                return null;
            var name = await environment.NameAsync(cancellation);
            return environment.Exists(name) ? $"{name} is used again." : $"{name} is made.";
        }
        catch (ServiceCtlException error)
        {
            problems.Add(error.Message);
            return null;
        }
    }
}
