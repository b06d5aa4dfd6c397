using System.CommandLine;
using ServiceCtl.Client;
using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Commands;

/// <summary>relog: exceptions and errors, sorted out of logs.</summary>
internal static class RelogCommand
{
    public static Command Create()
    {
        var names = SharedOptions.Names();
        var empty = OptionValues.Switch("--relog",
            "Empty exceptions.log and internal_errors.log first, or don't. Default: DELETE_RELOG_FILES. The logs themselves are "
                + "never touched.", "-r");
        var group = new Option<bool>("--group",
            "-g")
        { Description = "Show exceptions by type and place, the most frequent first, instead of the report." };
        var paths = new Option<string[]>("--path")
        {
            Description = "Sort these files instead of a service's logs.",
            HelpName = "file",
            AllowMultipleArgumentsPerToken = true
        };
        var destination = OptionValues.FilePath("--destination",
            "With --path: write exceptions.log and internal_errors.log into this folder. Default: they are not written.", "folder", "-d");
        var json = SharedOptions.Json();
        paths.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => token.Value.Length == 0))
                result.AddError("--path takes files, not an empty word.");
        });
        var command = new Verb("relog", "Sort exceptions and errors out of logs.",
            [
                ("servicectl relog", "Sort the logs of the service in this folder, and report."),
                ("servicectl relog '*' --group", "Show exceptions of all services, the most frequent first."),
                ("servicectl relog --path old/*.log.gz --destination sorted", "Sort files of your own."),
            ],
            "Each line is sorted once, however often you run it. Exits with 1 if a file could not be processed.")
        {
            names, empty, group, paths, destination, json,
        };
        command.Rules
            .Add(parsed =>
                parsed.GetValue(paths) is { Length: > 0 } && parsed.GetValue(names) is { Length: > 0 }
                    ? "Name services, or files with --path, not both." : null);
        command.Rules
            .Add(parsed =>
                parsed.GetValue(paths) is not { Length: > 0 } && parsed.GetValue(destination) is not null
                    ? "--destination needs --path." : null);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = Services.Open();
            var emptyFirst = parsed.GetValue(empty)?.IsOn;
            var progress = parsed.GetValue(json) || parsed.GetValue(SharedOptions.Quiet) || Console.IsErrorRedirected
                ? null : new ProgressLine();
            var (reports, failed) = parsed.GetValue(paths) is { Length: > 0 } files
                ? ([await RelogVerbs.SortFilesAsync(files, parsed.GetValue(destination), emptyFirst ?? false, progress, cancellation)],
                    false)
                : await RunAsync(client, parsed.GetValue(names) ?? [], emptyFirst, progress, cancellation);
            progress?.Clear();
            await WriteAsync(reports, parsed.GetValue(group), parsed.GetValue(json));
            return failed || reports.Exists(report => report.Problems.Any(problem => !problem.IsWarning))
                ? ExitCodes.Failed : ExitCodes.Success;
        });
        return HostRelay.AddTo(command);
    }

    private static async Task<(List<RelogReport> Reports, bool Failed)> RunAsync(
        ServiceCtlClient client, string[] names, bool? emptyFirst, ProgressLine? progress, CancellationToken cancellation)
    {
        var request = new RelogRequest { Services = await Services.SelectAsync(client, names, cancellation), EmptyFirst = emptyFirst };
        var reports = new List<RelogReport>();
        var failed = false;
        await foreach (var happened in client.Relog.SortAsync(request, progress, cancellation))
        {
            if (happened.Report is { } report)
                reports.Add(report);
            if (happened.Error is not { } error)
                continue;
            failed = true;
            progress?.Clear();
            await ConsoleOutput.WriteErrorAsync(error);
        }

        return (reports, failed);
    }

    private static async Task WriteAsync(List<RelogReport> reports, bool group, bool json)
    {
        RelogGroup[] groups = [.. reports.SelectMany(report => report.Groups)];
        foreach (var problem in reports.SelectMany(report => report.Problems))
            await ConsoleOutput.WriteErrorLineAsync($"{(problem.IsWarning ? "warning" : "error")}: {problem}");
        if (json && group)
            await ConsoleOutput.WriteJsonAsync(groups, RelogJson.Default.IReadOnlyListRelogGroup);
        else if (json)
            await ConsoleOutput.WriteJsonAsync(reports, RelogJson.Default.IReadOnlyListRelogReport);
        else
            foreach (var line in group ? groups.SelectMany(RelogPage.LinesOf) : reports.SelectMany(RelogPage.LinesOf))
                await ConsoleOutput.WriteLineAsync(line);
    }

    /// <summary>One line on the terminal, written over and over.</summary>
    private sealed class ProgressLine : IProgress<OperationProgress>
    {
        private int _shown;

        public void Report(OperationProgress value)
        {
            var text = VisibleText.Line($"  {value.Service}: {value.Step}");
            Console.Error.Write('\r' + text.PadRight(_shown));
            _shown = text.Length;
        }

        public void Clear()
        {
            if (_shown > 0)
                Console.Error.Write('\r' + new string(' ', _shown) + '\r');
            _shown = 0;
        }
    }
}
