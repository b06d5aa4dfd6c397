using System.CommandLine;
using ServiceCtl.Client;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Commands;

/// <summary>
/// config: what counts and where it comes from; check, push, template, schema and reference below it. None of them but push starts an
/// agent.
/// </summary>
internal static class ConfigCommand
{
    public static Command Create()
    {
        var names = SharedOptions.Names(
            "Services: names or patterns, or paths of their folders or files. Default: the service in this folder; elsewhere, all.");
        var keys = new Option<string[]>(
            "--key")
        {
            Description = "Show these keys: dotted names or patterns; a section stands for its keys. May be repeated.",
            HelpName = "pattern"
        };
        keys.CompletionSources.Add(_ => ConfigurationVerbs.Keys.Select(key => key.Key));
        var showSource = new Option<bool>("--show-source") { Description = "Show file, line and column of each value." };
        var showOverridden = new Option<bool>("--show-overridden") { Description = "Show which values each one overrides." };
        var source = SharedConfigOptions.Source();
        var environment = SharedConfigOptions.Environment();
        var set = SharedConfigOptions.Set();
        var reveal = SharedConfigOptions.Reveal();
        var json = SharedOptions.Json();
        HostOptions? hosts = null;
        var command = new Verb("config", "Show the effective configuration of services, and where each value comes from.",
            [
                ("servicectl config web --show-source", "Show every value with file, line and column."),
                ("servicectl config --key service.stop --set service.stop.timeout=10s", "Try a value on some keys."),
                ("servicectl config --source 'config/*.yaml' --source /etc/web", "Try other sources: the last one wins over the first."),
                ("servicectl config check '*'", "Check all configurations."),
            ],
            "Without a verb it shows the configuration. Only 'push' needs an agent.")
        {
            names, keys, showSource, showOverridden, source, environment, set, reveal, json,
            ConfigCheckCommand.Create(), ConfigPushCommand.Create(parsed => hosts!.Open(parsed)), ConfigTemplateCommand.Create(),
            ConfigDocumentCommands.CreateSchema(), ConfigDocumentCommands.CreateReference(),
        };
        command.SetAction((parsed, cancellation) => RunAsync(
            new ConfigQuery
            {
                Path = "",
                Keys = parsed.GetValue(keys) ?? [],
                Settings = parsed.GetValue(set) ?? [],
                Sources = parsed.GetValue(source) ?? [],
                Environment = parsed.GetValue(environment),
                Reveal = parsed.GetValue(reveal),
            },
            parsed.GetValue(names) ?? [], parsed.GetValue(showSource), parsed.GetValue(showOverridden), parsed.GetValue(json),
            cancellation));
        hosts = HostOptions.AddTo(command, areRecursive: true);
        string[] local = ["push", "template", "schema", "reference"];
        HostRelay.AddTo(command, hosts, RelayKind.Text, local);
        foreach (var document in command.Subcommands.OfType<Verb>().Where(each => local.Skip(1).Contains(each.Name)))
            document.Refuse(HostOptions.Names, option => $"{document.Name} makes a document here: it takes no {option}.");
        return command;
    }

    private static async Task<int> RunAsync(
        ConfigQuery query, string[] names, bool showSource, bool showOverridden, bool json, CancellationToken cancellation)
    {
        using var client = Services.Open();
        var targets = await ConfigTargets.FindAsync(client, names, query, cancellation);
        var all = new List<ServiceSetting>();
        var failed = false;
        if (targets.Count == 0)
            await Services.WriteNoMatchAsync(names);
        foreach (var target in targets)
        {
            try
            {
                var settings = await ConfigurationVerbs.GetAsync(target, cancellation);
                all.AddRange(settings);
                if (!json)
                    await SettingTable.WriteAsync(targets.Count > 1 ? target.Service ?? target.Path : null, settings, showSource,
                        showOverridden);
            }
            catch (ServiceCtlException error) when (error.Code is ErrorCode.ConfigInvalid or ErrorCode.ConfigNotFound
                || query.Keys.Contains(error.Target))
            {
                failed = true;
                await ConsoleOutput.WriteErrorAsync(error.Report);
            }
        }

        if (json)
            await ConsoleOutput.WriteJsonAsync(all, ServiceConfigJson.Default.IReadOnlyListServiceSetting);
        return failed ? ExitCodes.Failed : ExitCodes.Success;
    }
}
