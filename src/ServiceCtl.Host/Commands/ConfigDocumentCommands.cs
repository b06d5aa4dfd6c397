using System.CommandLine;
using ServiceCtl.Engine;

namespace ServiceCtl.Host.Commands;

/// <summary>config schema and config reference: the keys for programs and for people.</summary>
internal static class ConfigDocumentCommands
{
    public static Command CreateSchema()
    {
        var of = SharedConfigOptions.Of();
        var command = new Command("schema", "Print the keys as JSON Schema (draft 2020-12), for editors and other validators.") { of };
        command.SetAction(async (parsed, cancellation) =>
        {
            await Console.Out.WriteAsync(await ServiceManager.GetConfigurationSchemaAsync(parsed.GetValue(of), cancellation));
            return ExitCodes.Success;
        });
        return command;
    }

    public static Command CreateReference()
    {
        var of = SharedConfigOptions.Of();
        var command = new Command("reference", "Print the keys as a page for people, in Markdown.") { of };
        command.SetAction(async (parsed, cancellation) =>
        {
            await Console.Out.WriteAsync(await ServiceManager.GetConfigurationReferenceAsync(parsed.GetValue(of), cancellation));
            return ExitCodes.Success;
        });
        return command;
    }
}
