using System.CommandLine;
using ServiceCtl.Client;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Commands;

/// <summary>deploy: makes a release of a service and has it serve; what is about stages is below it.</summary>
internal static class DeployCommand
{
    public static Command Create()
    {
        var stage = Stages.Stage();
        var step = new Argument<string?>("step")
        {
            Description = "Only this step: starting, updating, publishing, finishing, or one of deploy.yaml. Default: all.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        step.CompletionSources.Add(_ => ["starting", "updating", "publishing", "finishing"]);
        var revision = OptionValues.Word(
            "--revision", "A branch, tag or commit. Default: source.revision of deploy.yaml.", "revision", "-r");
        var folder = Stages.Folder();
        var whatIf = new Option<bool>("--what-if") { Description = "Show what a deploy would do. Nothing is changed." };
        var yes = new Option<bool>("--yes", "-y") { Description = "Don't ask, where deploy.yaml wants deploys to be confirmed." };
        var json = SharedOptions.Json();
        var command = new Verb("deploy", "Deploy a service to a stage, on this host or on the stage's hosts, as deploy.yaml says.",
            [
                ("servicectl deploy production", "Make a release of what is committed, and have it serve."),
                ("servicectl deploy production --revision v1.2 --what-if", "Show what that would do."),
                ("servicectl deploy production updating", "Make the release only; 'publishing' has it serve."),
                ("servicectl deploy production --sudo", "Deploy as root on its hosts, where you log in as somebody else."),
                ("servicectl deploy install production qa", "Make deploy.yaml and a file for each stage."),
            ],
            "The new release is started beside the old one and takes over when it has proven itself. Whatever fails before leaves the old "
                + "one serving; the failed release is kept, with its log.")
        {
            stage, step, revision, folder, whatIf, yes, json,
            StageCommands.CreateInstall(), StageCommands.CreateStages(), StageCommands.CreateCheck(), StageCommands.CreateLock(),
            StageCommands.CreateUnlock(),
        };
        var hosts = StageHostOptions.AddTo(command);
        command.Rules.Add(parsed => parsed.GetValue(whatIf) && parsed.GetValue(step) is not null
            ? "--what-if shows a whole deploy: leave the step out." : null);
        command.SetAction((parsed, cancellation) => RunAsync(
            client => hosts.Of(client, parsed),
            new DeployRequest
            {
                Folder = Stages.Resolve(parsed.GetValue(folder)),
                Stage = parsed.GetValue(stage)!,
                Revision = parsed.GetValue(revision),
                Step = parsed.GetValue(step),
            },
            parsed.GetValue(whatIf), parsed.GetValue(yes), parsed.GetValue(json), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        Func<ServiceCtlClient, ReleaseVerbs> of, DeployRequest request, bool whatIf, bool yes, bool json, CancellationToken cancellation)
    {
        using var client = Services.Open();
        var releases = of(client);
        if (whatIf)
        {
            var plan = await releases.PlanAsync(request, cancellation);
            if (json)
                await ConsoleOutput.WriteJsonAsync(plan, AgentJson.Default.PyServiceDeployPlan);
            else
                await DeployPage.WriteAsync(plan);
            return plan.Problems.Count > 0 || plan.Lock is not null ? ExitCodes.Failed : ExitCodes.Success;
        }

        if (!yes && await ReleaseVerbs.MustBeConfirmedAsync(request.Folder, request.Stage, cancellation))
            Confirmation.Require($"Deploy to {request.Stage}?", request.Stage);
        return await DeployPage.WriteAsync(
            await releases.DeployAsync(request, json ? null : new DeployPage.Lines(), cancellation), json);
    }
}
