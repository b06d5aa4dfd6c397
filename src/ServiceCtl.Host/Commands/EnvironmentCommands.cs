using System.CommandLine;
using ServiceCtl.Client;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Commands;

/// <summary>env: the virtualenvs of services; host: what this host has for them.</summary>
internal static class EnvironmentCommands
{
    public static Command CreateEnvironment()
    {
        var names = SharedOptions.Names();
        var json = SharedOptions.Json();
        var force = SharedOptions.Force("Make it again even if nothing it is made of has changed.");
        var command = new Verb("env", "Make the virtualenv of services, as service.venv says.",
            [
                ("servicectl env", "Make the virtualenv of the service in this folder."),
                ("servicectl env web && servicectl restart web", "Bring new packages into a running service."),
            ],
            "The new virtualenv is made beside the old one and replaces it only when it is complete. A running service gets it with its "
                + "next restart.") { names, force, json };
        command.SetAction(
            (parsed, cancellation) => MakeAsync(parsed.GetValue(names) ?? [], parsed.GetValue(force), parsed.GetValue(json), cancellation));
        return HostRelay.AddTo(command);
    }

    public static Command CreateHost()
    {
        var ports = OptionValues.Numbers("--port", "TCP ports that must be free, 1 to 65535; several with spaces or commas.", 1,
            65535, "-p");
        var repository = OptionValues.Word("--repository",
            "A repository that this user's keys must reach. Default: origin of this folder's checkout, if there is one.", "url");
        var json = SharedOptions.Json();
        var command = new Verb("host", "Check what this host lacks to run services, and how to get it.",
            [
                ("servicectl host", "Check the programs."), ("servicectl host --port 8001,8002", "Check that ports are free, too."),
                ("servicectl host --repository git@git.example.org:web.git", "Check that a deploy could fetch from there."),
            ],
            "Exits with 1 if something necessary is missing.") { ports, repository, json };
        command.SetAction((parsed, cancellation) => CheckAsync(
            parsed.GetValue(ports) ?? [], parsed.GetValue(repository), parsed.GetValue(json), cancellation));
        return HostRelay.AddTo(command);
    }

    private static async Task<int> MakeAsync(string[] names, bool force, bool json, CancellationToken cancellation)
    {
        using var client = Services.Open();
        var selected = await Services.SelectAsync(client, names, cancellation);
        var made = new List<PyServiceEnvironment>();
        var failed = false;
        foreach (var service in await client.Services.GetAsync(selected, cancellation))
        {
            try
            {
                var environment = await client.Environments.InitializeAsync(service.Name, force, json ? null : new Lines(), cancellation);
                made.Add(environment);
                if (!json)
                    await ConsoleOutput.WriteLineAsync(TextOf(environment));
            }
            catch (ServiceCtlException error) when (error.Code is not ErrorCode.AgentUnreachable)
            {
                failed = true;
                await ConsoleOutput.WriteErrorAsync(error.Report);
            }
        }

        if (json)
            await ConsoleOutput.WriteJsonAsync(made, AgentJson.Default.IReadOnlyListPyServiceEnvironment);
        return failed ? ExitCodes.Failed : ExitCodes.Success;
    }

    private static string TextOf(PyServiceEnvironment made)
    {
        var what = made.Change switch
        {
            EnvironmentChange.None => "is up to date",
            EnvironmentChange.Created => $"was made in {ConsoleOutput.Text(made.Duration)}",
            _ => $"was replaced in {ConsoleOutput.Text(made.Duration)}; a running service gets it with its next restart",
        };
        return $"{made.Service}: {made.Path} {what}. Python {made.Python}, {made.Packages.Count} "
            + $"packages{(made.Requirements is null ? "" : $", from {made.Requirements}")}.";
    }

    private static async Task<int> CheckAsync(int[] ports, string? repository, bool json, CancellationToken cancellation)
    {
        var checks = new List<HostCheck>();
        await foreach (var check in EnvironmentVerbs.CheckHostAsync(ports, repository, ServiceFolder.Current, cancellation))
        {
            checks.Add(check);
            if (!json)
                await ConsoleOutput.WriteLineAsync(TextOf(check));
        }

        if (json)
            await ConsoleOutput.WriteJsonAsync(checks, AgentJson.Default.IReadOnlyListHostCheck);
        return checks.Exists(check => check.Outcome == HostCheckOutcome.Failed) ? ExitCodes.Failed : ExitCodes.Success;
    }

    internal static string TextOf(HostCheck check) =>
        $"{check.Outcome,-8} {check.Name,-13} {check.Message}{(check.Advice is null ? "" : $"\n{"",23}{check.Advice}")}";

    /// <summary>What pip or uv prints, as it comes.</summary>
    private sealed class Lines : IProgress<OperationProgress>
    {
        public void Report(OperationProgress value) => ConsoleOutput.WriteErrorLine($"  {value.Step}");
    }
}
