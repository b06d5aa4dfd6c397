using System.CommandLine;
using ServiceCtl.Client;
using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Commands;

/// <summary>config template: a configuration to begin with.</summary>
internal static class ConfigTemplateCommand
{
    public static Command Create()
    {
        var file = new Argument<string?>("file")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "The file to write. Default: standard output."
        };
        file.Validators.Add(SharedOptions.RefuseEmpty);
        var format = OptionValues.Choice(
            "--format", "yaml, json (with comments), toml, ini or env. Default: by the file's extension, else yaml.",
            [("yaml", ConfigFormat.Yaml), ("json", ConfigFormat.Json), ("toml", ConfigFormat.Toml), ("ini", ConfigFormat.Ini),
                ("env", ConfigFormat.Env)]);
        var required = new Option<bool>("--required") { Description = "Write only the keys that a service can't do without." };
        var placeholder = OptionValues.Choice(
            "--placeholder",
            "What to write for values: example (the default), empty, brackets (quotes or brackets, by type), template ({{ key }}).",
            [
                ("example", ConfigPlaceholder.Example), ("empty", ConfigPlaceholder.Empty),
                ("brackets", ConfigPlaceholder.Brackets), ("template", ConfigPlaceholder.Template),
            ]);
        var noComments = new Option<bool>("--no-comments") { Description = "Leave out the explanations." };
        var prefix = OptionValues.Word("--prefix", "The prefix of variables, for env: SERVICECTL for SERVICECTL__LOCAL_PORT.", "prefix");
        var of = SharedConfigOptions.Of();
        var force = SharedOptions.Force("Overwrite a file that exists.");
        var command = new Verb("template", "Write a configuration to start from: all keys, with explanations.",
            [("servicectl config template config.toml --required", "Write a short one."),
                ("servicectl config template --format env --prefix SERVICECTL", "Print variables.")])
        {
             file, format, required, placeholder, noComments, prefix, of, force,
        };
        command.SetAction((parsed, cancellation) => RunAsync(
            new ConfigTemplateRequest
            {
                Format = parsed.GetValue(format) ?? ConfigurationVerbs.FormatOf(parsed.GetValue(file)),
                RequiredOnly = parsed.GetValue(required),
                Placeholder = parsed.GetValue(placeholder) ?? ConfigPlaceholder.Example,
                Comments = !parsed.GetValue(noComments),
                Prefix = parsed.GetValue(prefix),
                Path = parsed.GetValue(of),
            },
            parsed.GetValue(file), parsed.GetValue(force), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ConfigTemplateRequest request, string? file, bool force, CancellationToken cancellation)
    {
        var text = await ConfigurationVerbs.GetTemplateAsync(request, cancellation);
        if (file is null)
        {
            await ConsoleOutput.WriteDocumentAsync(text);
            return ExitCodes.Success;
        }

        await ConfigurationVerbs.WriteFileAsync(file, text, force, cancellation);
        await ConsoleOutput.WriteLineAsync($"Wrote {file}.");
        return ExitCodes.Success;
    }
}
