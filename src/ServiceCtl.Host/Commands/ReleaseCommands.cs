using System.CommandLine;
using ServiceCtl.Client;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Commands;

/// <summary>rollback: an older release serves again; releases: which there are.</summary>
internal static class ReleaseCommands
{
    public static Command CreateRollback()
    {
        var stage = Stages.Stage();
        var release = new Argument<string?>("release")
        {
            Description = "The release to go back to. Default: the one before the one that serves.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var folder = Stages.Folder();
        var whatIf = new Option<bool>("--what-if") { Description = "Show which release would serve. Nothing is changed." };
        var yes = new Option<bool>("--yes", "-y") { Description = "Don't ask, where deploy.yaml wants deploys to be confirmed." };
        var json = SharedOptions.Json();
        var command = new Verb("rollback", "Let an older release of a stage serve again.",
            [
                ("servicectl rollback production", "Go back to the one before."),
                ("servicectl rollback production 20261130021500", "Go to a release that 'servicectl releases production' lists."),
            ],
            "It is started beside the one that serves and takes over when it is ready, so no request is lost. The one it replaces is kept.")
        { stage, release, folder, whatIf, yes, json };
        var hosts = StageHostOptions.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = Services.Open();
            var releases = hosts.Of(client, parsed);
            var (place, name) = (Stages.Resolve(parsed.GetValue(folder)), parsed.GetValue(stage)!);
            if (parsed.GetValue(whatIf))
            {
                var target = parsed.GetValue(release) ?? await releases.FindRollbackTargetAsync(place, name, cancellation);
                await ConsoleOutput.WriteLineAsync(
                    target is null ? "There are no older releases to rollback to"
                        : $"{name} would go back to {target}. Nothing was changed.");
                return target is null ? ExitCodes.Failed : ExitCodes.Success;
            }

            if (!parsed.GetValue(yes) && await ReleaseVerbs.MustBeConfirmedAsync(place, name, cancellation))
                Confirmation.Require($"Roll {name} back?", name);
            var isJson = parsed.GetValue(json);
            return await DeployPage.WriteAsync(await releases.RestoreAsync(
                place, name, parsed.GetValue(release), isJson ? null : new DeployPage.Lines(), cancellation), isJson);
        });
        return command;
    }

    public static Command CreateReleases()
    {
        var stage = Stages.Stage();
        var folder = Stages.Folder();
        var remove = OptionValues.Word("--remove", "Delete this release; the one that serves is refused.", "release");
        var json = SharedOptions.Json();
        var command = new Verb("releases", "Show the releases of a stage, the newest first.",
            [
                ("servicectl releases production", "Show them with commit, state and who deployed."),
                ("servicectl releases production --remove 20261130021500", "Delete one."),
            ])
        { stage, folder, remove, json };
        var hosts = StageHostOptions.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = Services.Open();
            var (place, name) = (Stages.Resolve(parsed.GetValue(folder)), parsed.GetValue(stage)!);
            if (parsed.GetValue(remove) is { } doomed)
            {
                var gone = await hosts.Of(client, parsed).RemoveAsync(place, name, doomed, cancellation);
                await ConsoleOutput.WriteLineAsync($"{gone.Id} is deleted.");
                return ExitCodes.Success;
            }

            List<ErrorReport> errors = [];
            var releases = await hosts.Of(client, parsed).GetAsync(place, name, errors.Add, cancellation);
            if (parsed.GetValue(json))
                await ConsoleOutput.WriteJsonAsync(releases, AgentJson.Default.IReadOnlyListPyServiceRelease);
            else if (releases.Count == 0 && errors.Count == 0)
                await ConsoleOutput.WriteErrorLineAsync($"{name} has no releases.");
            foreach (var one in parsed.GetValue(json) ? [] : releases)
                await ConsoleOutput.WriteLineAsync(LineOf(one));
            foreach (var error in errors)
                await ConsoleOutput.WriteErrorAsync(error);
            return errors.Count > 0 ? ExitCodes.Failed : ExitCodes.Success;
        });
        return command;
    }

    private static string LineOf(PyServiceRelease one) =>
        ($"{(one.HostName is null ? "" : $"{one.HostName,-12} ")}{one.Id}  {one.State,-9} "
            + $"{one.Commit?[..Math.Min(one.Commit.Length, 12)] ?? "-",-13} {one.By ?? "-",-12} {one.Branch}"
            + $"{(one.Problem is null ? "" : $"  ({one.Problem})")}").TrimEnd();
}
