using System.CommandLine;
using ServiceCtl.Client;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Commands;

/// <summary>config schema and config reference: the keys for programs and for people.</summary>
internal static class ConfigDocumentCommands
{
    public static Command CreateSchema()
    {
        var of = SharedConfigOptions.Of();
        var command = new Verb("schema", "Print the keys as JSON Schema (draft 2020-12), for editors and other validators.",
            [("servicectl config schema > config.schema.json", "Save it for an editor.")]) { of };
        command.SetAction(async (parsed, cancellation) =>
        {
            await ConsoleOutput.WriteDocumentAsync(await ConfigurationVerbs.GetSchemaAsync(parsed.GetValue(of), cancellation));
            return ExitCodes.Success;
        });
        return command;
    }

    public static Command CreateReference()
    {
        var of = SharedConfigOptions.Of();
        var deploy = new Option<bool>("--deploy") { Description = "Print the keys of deploy.yaml instead." };
        var command = new Verb("reference", "Print the reference of all keys, in Markdown.",
            [("servicectl config reference | less", "Read it."),
                ("servicectl config reference --of /srv/billing", "Add a service's own keys."),
                ("servicectl config reference --deploy", "Read about deploy.yaml.")]) { of, deploy };
        command.Rules.Add(parsed => parsed.GetValue(deploy) && parsed.GetValue(of) is not null
            ? "deploy.yaml has no keys of a service's own: give --deploy or --of." : null);
        command.SetAction(async (parsed, cancellation) =>
        {
            await ConsoleOutput.WriteDocumentAsync(parsed.GetValue(deploy)
                ? ConfigurationVerbs.GetDeployReference() : await ConfigurationVerbs.GetReferenceAsync(parsed.GetValue(of), cancellation));
            return ExitCodes.Success;
        });
        return command;
    }
}
