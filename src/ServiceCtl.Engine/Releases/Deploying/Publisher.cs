using ServiceCtl.Contracts;
using ServiceCtl.Engine.Releases.Building;
using ServiceCtl.Engine.Releases.Settings;
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
        if (context.Settings.Canary is not null && Tree.FindCurrent() is not null)
            Tree.Write(release.Id, release.Record with { State = ReleaseState.Canary });
        await SwitchAsync(release, ReleaseState.Previous, context.Settings, cancellation);
        // From here on it serves: whatever fails now is a warning, and takes nothing back.
        await LogAsync(
            $"Branch {release.Record.Branch} (at {release.Record.Commit}) deployed as release {release.Id} by {context.Author}");
        await TryHookAsync("after_publish", context.Settings.AfterPublish, release, cancellation);
    }

    /// <summary>A release that has served takes over again; the one that did is kept.</summary>
    public async Task RestoreAsync(Release release, CancellationToken cancellation)
    {
        // It has served before, and is wanted at once.
        await SwitchAsync(release, ReleaseState.Restored, context.Settings with { Canary = null }, cancellation);
        await LogAsync($"{context.Author} rolled back to release {release.Id}");
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

    private async Task SwitchAsync(
        Release release, ReleaseState former, DeploySettings settings, CancellationToken cancellation)
    {
        var before = Tree.List().FirstOrDefault(one => one.State == ReleaseState.Current && one.Id != release.Id);
        // What is outside of the release is there before it serves, as it is read at its start.
        var shared = new SharedFiles(context.Settings, Tree);
        Action takeBack = () => { };
        try
        {
            await log.StepAsync("place", _ =>
            {
                takeBack = shared.Put(Tree.PathOf(release.Id));
                var count = shared.Link();
                return Task.FromResult(count == 0 ? "" : $"{count} {(count == 1 ? "link leads" : "links lead")} here.");
            });
            await log.StepAsync("switch", async told =>
            {
                var result = await context.Switch.SwitchAsync(context.Service, Tree.PathOf(release.Id), Tree.Current, settings,
                    told, cancellation);
                foreach (var warning in result.Warnings)
                    log.Warn(warning);
                return result.Message;
            });
        }
        catch
        {
            // Whose answer was lost may serve all the same.
            if (Tree.FindCurrent() != release.Id)
                takeBack();
            throw;
        }

        if (before is not null)
            TryNote(() => Tree.Write(before.Id, before.Record with { State = former }));
        TryNote(() => Tree.Write(release.Id,
            release.Record with { State = ReleaseState.Current, PublishedAt = context.Time.GetLocalNow() }));
    }

    private Task LogAsync(string line) => log.StepAsync("log",
        _ => Task.FromResult(TryNote(() => Tree.AddToLog(line)) ? "revisions.log has its line." : ""));

    /// <summary>It serves: what can't be written then, on a full disk perhaps, is a warning. Which one serves, the link says.</summary>
    private bool TryNote(Action write)
    {
        try
        {
            write();
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            log.Warn($"It serves, and the records in {Tree.Root} can't be written: {error.Message}");
            return false;
        }
    }
}
