using System.CommandLine;
using ServiceCtl.Contracts;
using ServiceCtl.Engine;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Host.Commands;

/// <summary>config: what counts and where it comes from; check, push, template, schema and reference below it. None of them but push starts an agent.</summary>
internal static class ConfigCommand
{
    public static Command Create()
    {
        var names = SharedOptions.Names();
        names.Description = "Services, by name or pattern, or paths of their folders or files. Without one: the service whose folder this is; elsewhere, all.";
        var keys = new Option<string[]>("--key") { Description = "Only these keys: dotted, with '*' and '?'; a section stands for its keys.", HelpName = "pattern" };
        keys.CompletionSources.Add(_ => ServiceManager.ConfigurationKeys.Select(key => key.Key));
        var showSource = new Option<bool>("--show-source") { Description = "Show file, line and column of each value." };
        var showOverridden = new Option<bool>("--show-overridden") { Description = "Show below each value what lower sources say." };
        var set = SharedConfigOptions.Set();
        var reveal = SharedConfigOptions.Reveal();
        var json = SharedOptions.Json();
        var command = new Command("config", "Show which values of the configuration count, and where they come from.")
        {
            names, keys, showSource, showOverridden, set, reveal, json,
            ConfigCheckCommand.Create(), ConfigPushCommand.Create(), ConfigTemplateCommand.Create(), ConfigDocumentCommands.CreateSchema(), ConfigDocumentCommands.CreateReference(),
        };
        command.SetAction((parsed, cancellation) => RunAsync(
            new ConfigQuery
            {
                Path = "",
                Keys = parsed.GetValue(keys) ?? [],
                Settings = parsed.GetValue(set) ?? [],
                Reveal = parsed.GetValue(reveal),
            },
            parsed.GetValue(names) ?? [], parsed.GetValue(showSource), parsed.GetValue(showOverridden), parsed.GetValue(json), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        ConfigQuery query, string[] names, bool showSource, bool showOverridden, bool json, CancellationToken cancellation)
    {
        using var manager = Services.Open();
        var targets = await ConfigTargets.FindAsync(manager, names, cancellation);
        var all = new List<ServiceSetting>();
        var failed = false;
        foreach (var (service, path) in targets)
        {
            try
            {
                var settings = await ServiceManager.GetConfigurationAsync(query with { Path = path, Service = service }, cancellation);
                all.AddRange(settings);
                if (!json)
                    await SettingTable.WriteAsync(targets.Count > 1 ? service ?? path : null, settings, showSource, showOverridden);
            }
            catch (ServiceCtlException error) when (error.Code is ErrorCode.ConfigInvalid or ErrorCode.ConfigNotFound)
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
