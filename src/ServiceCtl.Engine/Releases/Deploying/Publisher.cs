using ServiceCtl.Contracts;
using ServiceCtl.Engine.Releases.Building;
using ServiceCtl.Engine.Releases.Tree;
using ServiceCtl.Engine.Runners;

namespace ServiceCtl.Engine.Releases.Deploying;

/// <summary>Makes a release the one that serves, forwards or back, and keeps the records of all of them right.</summary>
internal sealed class Publisher(DeployContext context, DeployLog log, IReadOnlyDictionary<string, string> secrets)
{
    private static readonly string[] OfSession = ["HOME", "USER", "LOGNAME", "SHELL", "TMPDIR"];

    private ReleaseTree Tree => context.Tree;

    /// <summary>A new release takes over.</summary>
    public async Task PublishAsync(Release release, CancellationToken cancellation)
    {
        await HookAsync("before_publish", context.Settings.BeforePublish, release, cancellation);
        await SwitchAsync(release, ReleaseState.Previous, cancellation);
        // From here on it serves: whatever fails now is a warning, and takes nothing back.
        await log.StepAsync("log", _ =>
        {
            Tree.AddToLog($"Branch {release.Record.Branch} (at {release.Record.Commit}) deployed as release {release.Id} by "
                + context.Author);
            return Task.FromResult("revisions.log has its line.");
        });
        await TryHookAsync("after_publish", context.Settings.AfterPublish, release, cancellation);
    }

    /// <summary>A release that has served takes over again; the one that did is kept.</summary>
    public async Task RestoreAsync(Release release, CancellationToken cancellation)
    {
        await SwitchAsync(release, ReleaseState.Restored, cancellation);
        await log.StepAsync("log", _ =>
        {
            Tree.AddToLog($"{context.Author} rolled back to release {release.Id}");
            return Task.FromResult("revisions.log has its line.");
        });
        await TryHookAsync("restored", context.Settings.Restored, release, cancellation);
    }

    /// <summary>Runs commands in a release; one that fails is a warning.</summary>
    public async Task TryHookAsync(string name, IReadOnlyList<string> commands, Release release, CancellationToken cancellation)
    {
        try
        {
            await HookAsync(name, commands, release, cancellation);
        }
        catch (ServiceCtlException error)
        {
            log.Warn(error.Message);
        }
    }

    /// <summary>Runs commands in a release, as the service would run them.</summary>
    public Task HookAsync(string name, IReadOnlyList<string> commands, Release release, CancellationToken cancellation) =>
        log.StepAsync(name, async told =>
        {
            if (commands.Count == 0)
                return "";
            var definition = await context.DefineAsync(release.Id, cancellation);
            Dictionary<string, string> variables = new(ServiceEnvironment.Of(definition));
            // Where root deploys for somebody else, these are root's; the program gets that user's own.
            foreach (var name in Tree.Actor is null ? [] : OfSession.Where(name => !definition.Environment.ContainsKey(name)))
                variables.Remove(name);
            foreach (var (key, value) in context.VariablesOf(release))
                variables[key] = value;
            foreach (var (key, value) in secrets)
                variables[key] = value;
            if (StageLock.TokenOf(Tree) is { } token)
                variables[StageLock.Variable] = token;
            var hooks = new ServiceHooks(Tree.PathOf(release.Id), variables, Tree.Actor?.User, log.Mask);
            await hooks.RunAsync(name, commands, told, cancellation);
            return $"{commands.Count} {(commands.Count == 1 ? "command has" : "commands have")} run.";
        });

    private async Task SwitchAsync(Release release, ReleaseState former, CancellationToken cancellation)
    {
        var before = Tree.List().FirstOrDefault(one => one.State == ReleaseState.Current && one.Id != release.Id);
        await log.StepAsync("switch", async told =>
        {
            var result = await context.Switch.SwitchAsync(context.Service, Tree.PathOf(release.Id), Tree.Current, context.Settings, told,
                cancellation);
            foreach (var warning in result.Warnings)
                log.Warn(warning);
            return result.Message;
        });
        if (before is not null)
            Tree.Write(before.Id, before.Record with { State = former });
        Tree.Write(release.Id, release.Record with { State = ReleaseState.Current, PublishedAt = context.Time.GetLocalNow() });
    }
}
