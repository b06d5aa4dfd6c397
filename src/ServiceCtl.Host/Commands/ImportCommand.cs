using System.CommandLine;
using ServiceCtl.Client;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Commands;

/// <summary>import: services made of a compose file.</summary>
internal static class ImportCommand
{
    private static readonly Argument<string> File = new("file")
    {
        DefaultValueFactory = _ => ".",
        Description = "The compose file, or the folder that it is in. Default: this folder.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<ImportSource?> From = OptionValues.Choice(
        "--from", "What the file is: compose (the default).", [("compose", ImportSource.Compose)]);

    private static readonly Option<string?> Destination = OptionValues.FilePath("--destination",
        "The folder that gets a folder for each service. Default: that of the file.", "folder", "-d");

    private static readonly Option<bool> WhatIf = new("--what-if")
    {
        Description = "Print the configurations instead of writing them, secrets masked.",
    };

    private static readonly Option<bool> Json = SharedOptions.Json();

    public static Command Create()
    {
        File.Validators.Add(SharedOptions.RefuseEmpty);
        var command = new Verb("import", "Make services of a compose file: a folder with a configuration for each.",
            [
                ("servicectl import --what-if", "Print what would be made of the compose file in this folder."),
                ("servicectl import docker-compose.yml -d /srv/shop", "Write a folder for each service below /srv/shop."),
                ("servicectl register /srv/shop/*", "Register them; 'servicectl start' starts each after what it requires."),
            ],
            "Files of version 1, 2 and 3 and of the Compose specification are read, with variables and .env. What is not carried over is a "
                + "warning with file, line and column. Nothing is overwritten: where one configuration is there already, none is written.")
        { File, From, Destination, WhatIf, Json };
        command.SetAction(RunAsync);
        return HostRelay.AddTo(command);
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var isWritten = !parsed.GetValue(WhatIf);
        var made = ManifestVerbs.ImportCompose(parsed.GetValue(File)!, parsed.GetValue(Destination), isWritten, cancellation);
        if (parsed.GetValue(Json))
        {
            await ConsoleOutput.WriteJsonAsync(made, AgentJson.Default.IReadOnlyListPyServiceImport);
            return ExitCodes.Success;
        }

        foreach (var service in made)
        {
            await (isWritten
                ? ConsoleOutput.WriteLineAsync($"{service.Name}: wrote {service.ConfigPath}.")
                : ConsoleOutput.WriteDocumentAsync($"# {service.ConfigPath}\n{service.Content}\n"));
            foreach (var warning in service.Warnings)
                await ConsoleOutput.WriteErrorLineAsync($"warning: {warning}");
        }

        return ExitCodes.Success;
    }
}
