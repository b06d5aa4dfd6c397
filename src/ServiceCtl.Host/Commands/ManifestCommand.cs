using System.CommandLine;
using ServiceCtl.Client;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Commands;

/// <summary>manifest: services as files by which compose, a swarm or Kubernetes run them.</summary>
internal static class ManifestCommand
{
    private static readonly string[] Words = [.. Enum.GetNames<ManifestTarget>().Select(name => name.ToLowerInvariant())];

    private static readonly Argument<string> Target = OptionValues.Choice("target", "Who reads it: compose, swarm or kubernetes.", Words);

    private static readonly Argument<string[]> Names = SharedOptions.Names();
    private static readonly Option<string?> Destination = OptionValues.FilePath("--destination",
        "Write the files into this folder instead of printing them.", "folder", "-d");

    private static readonly Option<string?> Stack = OptionValues.Word("--stack",
        "What the swarm calls all of it. Default: the name of the last service.", "name");

    private static readonly Option<bool> HostPorts = new("--host-ports")
    {
        Description = "For a swarm: publish ports on the nodes of the tasks alone, not on all nodes. Updates stop the old task first.",
    };

    private static readonly Option<bool> Force = SharedOptions.Force("Overwrite files that exist.");
    private static readonly Option<bool> Json = SharedOptions.Json();

    public static Command Create()
    {
        var command = new Verb("manifest", "Make files by which compose, a swarm or Kubernetes run services and what they require.",
            [
                ("servicectl manifest compose shop", "Print a compose file for a service and all that it requires."),
                ("servicectl manifest compose shop stock -d /srv/stack", "Write one file for two services."),
                ("servicectl manifest swarm shop --stack shop", "Print a file for 'docker stack deploy'."),
                ("servicectl manifest kubernetes shop -d k8s",
                    "Write a file with a Deployment and all that belongs to it for each service."),
            ],
            "Secrets are named, and never written: compose and a swarm take them from variables, Kubernetes from a Secret. "
                + "What a target can't express is a warning with the key and its place. No agent is needed.")
        { Target, Names, Destination, Stack, HostPorts, Force, Json };
        command.Rules.Add(parsed => (parsed.GetValue(HostPorts) || parsed.GetValue(Stack) is not null) && parsed.GetValue(Target) != "swarm"
            ? "--host-ports and --stack are for a swarm." : null);
        command.Rules.Add(parsed => parsed.GetValue(Force) && parsed.GetValue(Destination) is null ? "--force needs --destination." : null);
        command.SetAction(RunAsync);
        return HostRelay.AddTo(command);
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        using var client = Services.Open();
        var names = await SelectAsync(client, parsed.GetValue(Names) ?? [], cancellation);
        var made = await client.Manifests.MakeAsync(names, new ManifestOrder(
            Enum.Parse<ManifestTarget>(parsed.GetValue(Target)!, ignoreCase: true), parsed.GetValue(Destination), parsed.GetValue(Force),
            parsed.GetValue(Stack), parsed.GetValue(HostPorts)), cancellation);
        if (parsed.GetValue(Json))
        {
            await ConsoleOutput.WriteJsonAsync(made, AgentJson.Default.IReadOnlyListPyServiceManifest);
            return ExitCodes.Success;
        }

        foreach (var manifest in made)
        {
            await (manifest.Path is { } path
                ? ConsoleOutput.WriteLineAsync($"{string.Join(", ", manifest.Services)}: wrote {path}.")
                : ConsoleOutput.WriteDocumentAsync($"{(made.Count > 1 && manifest != made[0] ? "---\n" : "")}{manifest.Content}"));
            foreach (var warning in manifest.Warnings)
                await ConsoleOutput.WriteErrorLineAsync($"warning: {warning}");
        }

        return ExitCodes.Success;
    }

    /// <summary>Services are named, or the one of this folder is meant: all of a host's are never one stack.</summary>
    private static async Task<IReadOnlyList<string>> SelectAsync(ServiceCtlClient client, string[] names, CancellationToken cancellation)
    {
        var chosen = await Services.SelectKnownAsync(client, names, cancellation);
        if (chosen.Count == 0)
        {
            throw new ServiceCtlException(ErrorCode.InvalidArgument, null, "Name a service: this folder has no configuration of one.",
                "'servicectl list' lists the registered services; '*' stands for all of them.");
        }

        return await client.Catalog.GetNamesAsync(chosen, cancellation);
    }
}
