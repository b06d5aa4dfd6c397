using System.CommandLine;
using ServiceCtl.Client;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Commands;

/// <summary>config check: every fault at once, with its line.</summary>
internal static class ConfigCheckCommand
{
    public static Command Create()
    {
        var names = SharedOptions.Names(
            "Services: names or patterns, or paths of their folders or files, registered or not. Default: the service in this folder; "
                + "elsewhere, all.");
        var values = new Option<bool>("--values") { Description = "Show the effective values of valid configurations, and their sources." };
        var source = SharedConfigOptions.Source();
        var environment = SharedConfigOptions.Environment();
        var set = SharedConfigOptions.Set();
        var reveal = SharedConfigOptions.Reveal();
        var json = SharedOptions.Json();
        var command = new Verb("check", "Check configurations, and show every fault with its line. Changes nothing.",
            [("servicectl config check", "Check the service in this folder."),
                ("servicectl config check /srv/*/config.yaml", "Check files that need not be registered.")],
            "Exits with 1 if one is invalid.") { names, values, source, environment, set, reveal, json };
        command.SetAction((parsed, cancellation) => RunAsync(
            new ConfigQuery
            {
                Path = "",
                Settings = parsed.GetValue(set) ?? [],
                Sources = parsed.GetValue(source) ?? [],
                Environment = parsed.GetValue(environment),
                Reveal = parsed.GetValue(reveal),
            },
            parsed.GetValue(names) ?? [], parsed.GetValue(values), parsed.GetValue(json), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ConfigQuery query, string[] names, bool values, bool json, CancellationToken cancellation)
    {
        using var client = Services.Open();
        var checks = new List<ServiceConfigCheck>();
        foreach (var target in await ConfigTargets.FindAsync(client, names, query, cancellation))
        {
            var check = await ConfigurationVerbs.CheckAsync(target, values, cancellation);
            checks.Add(check);
            foreach (var line in json ? [] : LinesOf(check))
                await ConsoleOutput.WriteLineAsync(line);
        }

        if (json)
            await ConsoleOutput.WriteJsonAsync(checks, ServiceConfigJson.Default.IReadOnlyListServiceConfigCheck);
        else if (checks.Count == 0)
            await Services.WriteNoMatchAsync(names);
        return checks.TrueForAll(check => check.IsValid) ? ExitCodes.Success : ExitCodes.Failed;
    }

    internal static IEnumerable<string> LinesOf(ServiceConfigCheck check)
    {
        var counts = string.Join(", ",
            new[] { Count(check.Problems.Count, "error"), Count(check.Warnings.Count, "warning") }.OfType<string>());
        var name = check.Service is null ? check.ConfigPath : $"{check.Service}: {check.ConfigPath}";
        return
        [
            $"{name}: {(check.IsValid ? "valid" : "invalid")}{(counts.Length == 0 ? "" : $" ({counts})")}",
            .. check.Problems.SelectMany(problem => LinesOf("error", problem)),
            .. check.Warnings.SelectMany(warning => LinesOf("warning", warning)),
            .. check.Settings.Count == 0 ? [] : SettingTable.LinesOf(null, check.Settings, showSource: true, showOverridden: false),
        ];
    }

    private static IEnumerable<string> LinesOf(string kind, ConfigurationProblem problem) =>
        new[]
        {
            $"{problem.Place}: {kind}: {problem.Message}", problem.Excerpt, problem.Advice is { } advice ? $"      {advice}" : null,
        }.OfType<string>();

    private static string? Count(int number, string what) => number switch
    {
        0 => null,
        1 => $"1 {what}",
        _ => $"{number} {what}s",
    };
}
