using System.CommandLine;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Agent;

namespace ServiceCtl.Host.Commands;

/// <summary>The command line of <c>servicectl</c>: which words there are, and what happens when one of them is wrong.</summary>
internal static class CommandLine
{
    /// <summary>The words, in the order of the help.</summary>
    internal static readonly (string Word, Func<Command> Create)[] Verbs =
    [
        ("start", () => OperationCommand.Create("start", ServiceAction.Start, "Start services, and wait until they are ready.")),
        ("stop", () => OperationCommand.Create("stop", ServiceAction.Stop, "Let the requests finish, stop, and wait until the address is free.")),
        ("restart", () => OperationCommand.Create("restart", ServiceAction.Restart, "Start a new process with a new configuration; the old one ends when the new one is ready, and no request is lost.")),
        ("hot_restart", () => OperationCommand.Create("hot_restart", ServiceAction.HotRestart, "Load the code anew without losing a request, if it can be imported. Configuration is not read again.", "hot-restart")),
        ("status", StatusCommand.Create),
        ("logs", LogsCommand.Create),
        ("events", EventsCommand.Create),
        ("top", TopCommand.Create),
        ("relog", RelogCommand.Create),
        ("tests", TestsCommand.Create),
        ("ruffles", RufflesCommand.Create),
        ("env", EnvironmentCommands.CreateEnvironment),
        ("host", EnvironmentCommands.CreateHost),
        ("register", RegistrationCommands.CreateRegister),
        ("unregister", RegistrationCommands.CreateUnregister),
        ("config", ConfigCommand.Create),
        ("modules", ModulesCommand.Create),
        ("agent", AgentCommands.Create),
        ("run", RunCommand.Create),
        ("unit", UnitCommand.Create),
    ];

    public static async Task<int> RunAsync(string[] arguments)
    {
        var root = new RootCommand("Runs Python services: starts, stops, restarts and watches them through the user's agent.");
        foreach (var command in CommandsFor(arguments))
            root.Add(command);

        var parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0 || IsWithoutAction(parsed))
            return await RefuseAsync(parsed);

        try
        {
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false };
            // What runs in the foreground ends in its own time; all others get two seconds to obey Ctrl+C.
            if (parsed.CommandResult.Command.Name == RunCommand.Name)
                configuration.ProcessTerminationTimeout = null;
            return await parsed.InvokeAsync(configuration);
        }
        catch (ServiceCtlException error)
        {
            await ConsoleOutput.WriteErrorAsync(error.Report);
            return ExitCodes.Failed;
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
    }

    /// <summary>The command that is asked for. All of them, which takes some 15 ms, only where they may be listed, suggested or completed.</summary>
    private static IEnumerable<Command> CommandsFor(string[] arguments)
    {
        if (arguments is [var first, ..])
        {
            foreach (var (word, create) in Verbs)
            {
                if (word == first)
                    return [create()];
            }
        }

        return Verbs.Select(verb => verb.Create());
    }

    private static bool IsWithoutAction(ParseResult parsed) => parsed.Action is null;

    private static async Task<int> RefuseAsync(ParseResult parsed)
    {
        var reasons = parsed.Tokens.Count == 0 || parsed.Errors.Count == 0 ? ["No action was given."] : parsed.Errors.Select(error => error.Message).Distinct();
        foreach (var reason in reasons)
            await Console.Error.WriteLineAsync(reason);
        await Console.Error.WriteLineAsync($"Nothing was done. 'servicectl --help' lists the actions (version {ProductVersion.Text}).");
        return ExitCodes.Usage;
    }
}
