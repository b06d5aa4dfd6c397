using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Host.Commands;
using ServiceCtl.Host.Completion;
using ServiceCtl.Host.Help;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host;

/// <summary>The command line of <c>servicectl</c>: its verbs, and what happens when a word of it is wrong.</summary>
internal static class CommandLine
{
    /// <summary>The verbs, in the order of the help.</summary>
    internal static readonly (string Word, Func<Command> Create)[] Verbs =
    [
        ("start", OperationCommand.CreateStart),
        ("stop", OperationCommand.CreateStop),
        ("restart", OperationCommand.CreateRestart),
        ("hot_restart", OperationCommand.CreateHotRestart),
        ("status", StatusCommand.Create),
        ("list", ListCommand.Create),
        ("logs", LogsCommand.Create),
        ("events", EventsCommand.Create),
        ("failures", FailuresCommand.Create),
        ("alerts", AlertsCommand.Create),
        ("top", TopCommand.Create),
        ("relog", RelogCommand.Create),
        ("tests", TestsCommand.Create),
        ("schedules", SchedulesCommand.Create),
        ("deploy", DeployCommand.Create),
        ("rollback", ReleaseCommands.CreateRollback),
        ("releases", ReleaseCommands.CreateReleases),
        ("new", NewCommand.Create),
        ("change", VersionCommands.CreateChange),
        ("bump", VersionCommands.CreateBump),
        ("package", PackageCommands.CreatePackage),
        ("publish", PackageCommands.CreatePublish),
        ("image", ImageCommands.CreateImage),
        ("images", ImageCommands.CreateImages),
        ("containers", ContainersCommand.Create),
        ("register", RegistrationCommands.CreateRegister),
        ("unregister", RegistrationCommands.CreateUnregister),
        ("enable", BootCommands.CreateEnable),
        ("disable", BootCommands.CreateDisable),
        ("config", ConfigCommand.Create),
        ("modules", ModulesCommand.Create),
        ("env", EnvironmentCommands.CreateEnvironment),
        ("wheel", WheelCommand.Create),
        ("host", EnvironmentCommands.CreateHost),
        ("hosts", HostsCommand.Create),
        (ExecCommand.Name, ExecCommand.Create),
        ("ruffles", RufflesCommand.Create),
        ("unit", UnitCommand.Create),
        ("manifest", ManifestCommand.Create),
        ("import", ImportCommand.Create),
        ("run", RunCommand.Create),
        ("agent", AgentCommands.Create),
        ("powershell", PowerShellLinkCommand.Create),
        ("completion", CompletionCommand.Create),
        ("man", () => ManCommand.Create(CreateRoot)),
        ("help", () => HelpCommand.Create(CreateRoot)),
        ("version", VersionCommand.Create),
    ];

    /// <summary>
    /// The time that System.CommandLine takes grows with the square of the words that it can't place: a minute for 65,000, a second for so
    /// many.
    /// </summary>
    internal const int MostWords = 10_000;

    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments.Length > MostWords)
            return await RefuseAsync([TooMany(arguments.Length)]);
        if (arguments is [CompletionCommand.Words, .. var typed])
            return await CompletionCommand.CompleteAsync(CreateRoot(), typed);

        var parsed = Parse(arguments);
        var isVerbose = false;
        if (parsed.GetResult(SharedOptions.ErrorsAsJson) is { Implicit: false })
            ConsoleOutput.WriteErrorsAsJson();
        try
        {
            // Help has no errors: the parser has dropped them, and what was wrong with a value would be found too late.
            if (parsed.Action is not HelpAction && UsageErrors.Of(parsed, arguments) is { Count: > 0 } complaints)
                return await RefuseAsync(complaints);

            isVerbose = parsed.GetValue(SharedOptions.Verbose);
            if (parsed.GetValue(SharedOptions.Quiet))
                StandardOutput.Discard();
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false };
            // What runs in the foreground ends in its own time; all others get two seconds to obey Ctrl+C.
            if (parsed.CommandResult.Command.Name is RunCommand.Name or ExecCommand.Name or ContainerCommand.Name)
                configuration.ProcessTerminationTimeout = null;
            return await parsed.InvokeAsync(configuration);
        }
        catch (ServiceCtlException error)
        {
            await ConsoleOutput.WriteErrorAsync(error.Report, isVerbose: isVerbose);
            return error.Code == ErrorCode.InvalidArgument ? ExitCodes.Usage : ExitCodes.Failed;
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
        catch (Exception error) when (ThreadHeadroom.Explain(error) is { } shortage)
        {
            await ConsoleOutput.WriteErrorAsync(shortage.Report, isVerbose: isVerbose);
            return ExitCodes.Failed;
        }
        catch (Exception error)
        {
            await ConsoleOutput.WriteErrorAsync(new ErrorReport
            {
                Code = ErrorCode.Internal,
                Message = $"{error.GetType().Name}: {error.Message}",
                Advice = "This is a fault of ServiceCtl. Please report it, with the trace that --verbose prints.",
                LogLines = isVerbose ? error.ToString().Split('\n') : [],
            });
            return ExitCodes.Failed;
        }
    }

    /// <summary>All verbs, for whoever lists or completes them.</summary>
    public static RootCommand CreateRoot() => CreateRoot(Verbs.Select(verb => verb.Create()));

    internal static ParseResult Parse(string[] arguments) =>
        CommandLineParser.Parse(CreateRoot(CommandsFor(arguments)), arguments, Parsing);

    private static RootCommand CreateRoot(IEnumerable<Command> commands)
    {
        var root = new RootCommand("Run Python services: start, stop, restart and watch them.");
        root.Options.Clear();
        root.Directives.Clear();
        root.Add(HelpOption.Create());
        root.Add(VersionCommand.CreateOption());
        root.Add(SharedOptions.Quiet);
        root.Add(SharedOptions.Verbose);
        root.Add(SharedOptions.ErrorsAsJson);
        foreach (var command in commands)
            root.Add(command);
        return root;
    }

    /// <summary>The command that is asked for. All of them, which takes some 15 ms, only where they may be listed or suggested.</summary>
    private static IEnumerable<Command> CommandsFor(string[] arguments)
    {
        if (arguments is ["--version" or "-V"])
            return [];
        var word = Array.Find(arguments, argument => !argument.StartsWith('-'))?.Replace('-', '_');
        var known = Array.FindIndex(Verbs, verb => verb.Word == word);
        return known >= 0 && word != HelpCommand.Name && word != ManCommand.Name
            ? [Verbs[known].Create()] : Verbs.Select(verb => verb.Create());
    }

    private static ErrorReport TooMany(int words) => new()
    {
        Code = ErrorCode.InvalidArgument,
        Message = string.Create(CultureInfo.InvariantCulture, $"The command line has {words:N0} words, and {MostWords:N0} are the most."),
        Advice = "Nothing was changed. Select services by a pattern, such as web-*, and pass many words to a program in a file.",
    };

    private static async Task<int> RefuseAsync(IReadOnlyList<ErrorReport> complaints)
    {
        foreach (var complaint in complaints)
            await ConsoleOutput.WriteErrorAsync(complaint);
        return ExitCodes.Usage;
    }
}
