using System.CommandLine;
using ServiceCtl.Client;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Commands;

/// <summary>Below deploy: install, stages, check, lock and unlock.</summary>
internal static class StageCommands
{
    public static Command CreateInstall()
    {
        var stages = new Argument<string[]>("stage") { Description = "The stages to make files for.", Arity = ArgumentArity.OneOrMore };
        stages.Validators.Add(SharedOptions.RefuseEmpty);
        var folder = Stages.Folder();
        var command = new Verb("install", "Make deploy.yaml and a file for each stage. Existing files are left alone.",
            [("servicectl deploy install production qa", "Make deploy.yaml, deploy.production.yaml and deploy.qa.yaml.")])
        { stages, folder };
        command.SetAction(async (parsed, _) =>
        {
            var made = ReleaseVerbs.Initialize(Stages.Resolve(parsed.GetValue(folder)), parsed.GetValue(stages)!);
            foreach (var file in made)
                await ConsoleOutput.WriteLineAsync($"{file} was made.");
            if (made.Count == 0)
                await ConsoleOutput.WriteLineAsync("All of them are there already.");
            return ExitCodes.Success;
        });
        return command;
    }

    public static Command CreateStages()
    {
        var folder = Stages.Folder();
        var json = SharedOptions.Json();
        var command = new Verb("stages", "Show the stages of this folder's deploy.yaml.",
            [("servicectl deploy stages", "Show where each deploys to, and what serves there.")])
        { folder, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = Services.Open();
            var stages = await client.Releases.GetStagesAsync(Stages.Resolve(parsed.GetValue(folder)), cancellation);
            if (parsed.GetValue(json))
                await ConsoleOutput.WriteJsonAsync(stages, AgentJson.Default.IReadOnlyListPyServiceStage);
            foreach (var stage in parsed.GetValue(json) ? [] : stages)
                await ConsoleOutput.WriteLineAsync(
                    $"{stage.Stage,-14}{stage.Service} in {stage.DeployTo}"
                        + (stage.Hosts.Count > 0 ? $" on {string.Join(", ", stage.Hosts)}" : $", {stage.Current ?? "nothing"} serves")
                        + $"{(stage.Lock is { } held ? $"; locked by {held}" : "")}");
            return ExitCodes.Success;
        });
        return command;
    }

    public static Command CreateCheck()
    {
        var stage = Stages.Stage();
        var folder = Stages.Folder();
        var json = SharedOptions.Json();
        var command = new Verb("check", "Check whether a stage has what a deploy needs. Nothing is changed.",
            [("servicectl deploy check production", "Check repository, linked files, packages and secrets.")],
            "Exits with 1 if something is missing.")
        { stage, folder, json };
        var hosts = StageHostOptions.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = Services.Open();
            List<HostCheck> checks = [];
            var place = Stages.Resolve(parsed.GetValue(folder));
            await foreach (var check in hosts.Of(client, parsed).CheckAsync(place, parsed.GetValue(stage)!, cancellation))
            {
                checks.Add(check);
                if (!parsed.GetValue(json))
                    await ConsoleOutput.WriteLineAsync(
                        $"{check.Outcome,-8} {(check.HostName is null ? "" : $"{check.HostName}: ")}{check.Name,-13} {check.Message}"
                            + $"{(check.Advice is null ? "" : $"\n{"",23}{check.Advice}")}");
            }

            if (parsed.GetValue(json))
                await ConsoleOutput.WriteJsonAsync(checks, AgentJson.Default.IReadOnlyListHostCheck);
            return checks.Exists(check => check.Outcome == HostCheckOutcome.Failed) ? ExitCodes.Failed : ExitCodes.Success;
        });
        return command;
    }

    public static Command CreateLock()
    {
        var stage = Stages.Stage();
        var folder = Stages.Folder();
        var message = OptionValues.Word("--message", "Why; who is refused gets to read it.", "text", "-m");
        message.Required = true;
        var command = new Verb("lock", "Block all deploys to a stage.",
            [("servicectl deploy lock production -m 'the database moves'", "Lock it until 'unlock'.")])
        { stage, folder, message };
        var hosts = StageHostOptions.AddReachTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = Services.Open();
            var held = await hosts.Of(client, parsed).LockAsync(
                Stages.Resolve(parsed.GetValue(folder)), parsed.GetValue(stage)!, parsed.GetValue(message)!, cancellation);
            await ConsoleOutput.WriteLineAsync($"{parsed.GetValue(stage)} is locked by {held}");
            return ExitCodes.Success;
        });
        return command;
    }

    public static Command CreateUnlock()
    {
        var stage = Stages.Stage();
        var folder = Stages.Folder();
        var force = SharedOptions.Force("Take the lock from a deploy that is at work, too.");
        var command = new Verb("unlock", "Remove a lock that was set on purpose, or left by a deploy that died.",
            [("servicectl deploy unlock production", "Unlock it.")])
        { stage, folder, force };
        var hosts = StageHostOptions.AddReachTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = Services.Open();
            var held = await hosts.Of(client, parsed).UnlockAsync(
                Stages.Resolve(parsed.GetValue(folder)), parsed.GetValue(stage)!, parsed.GetValue(force), cancellation);
            await ConsoleOutput.WriteLineAsync(held is null ? $"{parsed.GetValue(stage)} was not locked."
                : $"{parsed.GetValue(stage)} is unlocked. It was locked by {held}");
            return ExitCodes.Success;
        });
        return command;
    }
}
