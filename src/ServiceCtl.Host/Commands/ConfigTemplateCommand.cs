using System.CommandLine;
using ServiceCtl.Contracts;
using ServiceCtl.Engine;

namespace ServiceCtl.Host.Commands;

/// <summary>config template: a configuration to begin with.</summary>
internal static class ConfigTemplateCommand
{
    public static Command Create()
    {
        var file = new Argument<string?>("file") { Arity = ArgumentArity.ZeroOrOne, Description = "Where to write it. Default: standard output." };
        var format = new Option<ConfigFormat?>("--format") { Description = "yaml, json (with comments), toml, ini or env. Default: what the file's name says, else yaml." };
        var required = new Option<bool>("--required") { Description = "Only the keys that a service can't do without." };
        var placeholder = new Option<ConfigPlaceholder>("--placeholder")
        {
            Description = "What stands for values: example, empty, brackets (quotes or brackets, by type), template ({{ key }}).",
        };
        var noComments = new Option<bool>("--no-comments") { Description = "Leave the explanations out." };
        var prefix = new Option<string?>("--prefix") { Description = "Of variables, for env: SERVICECTL for SERVICECTL__LOCAL_PORT." };
        var of = SharedConfigOptions.Of();
        var force = new Option<bool>("--force") { Description = "Replace a file that is there." };
        var command = new Command("template", "Write a configuration to begin with: all keys, explained.") { file, format, required, placeholder, noComments, prefix, of, force };
        command.SetAction((parsed, cancellation) => RunAsync(
            new ConfigTemplateRequest
            {
                Format = parsed.GetValue(format) ?? ServiceManager.FormatOf(parsed.GetValue(file)),
                RequiredOnly = parsed.GetValue(required),
                Placeholder = parsed.GetValue(placeholder),
                Comments = !parsed.GetValue(noComments),
                Prefix = parsed.GetValue(prefix),
                Path = parsed.GetValue(of),
            },
            parsed.GetValue(file), parsed.GetValue(force), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ConfigTemplateRequest request, string? file, bool force, CancellationToken cancellation)
    {
        var text = await ServiceManager.GetConfigurationTemplateAsync(request, cancellation);
        if (file is null)
        {
            await Console.Out.WriteAsync(text);
            return ExitCodes.Success;
        }

        await ServiceManager.WriteFileAsync(file, text, force, cancellation);
        await Console.Out.WriteLineAsync($"{file} was written.");
        return ExitCodes.Success;
    }
}
