using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using ServiceCtl.Client.Hosts;
using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;

namespace ServiceCtl.Host.Syntax;

/// <summary>
/// <c>--host</c> for verbs that read or make files where the services are: the command of each host does it, with the same words, and what
/// it prints is printed here.
/// </summary>
internal static class HostRelay
{
    /// <summary>What the hosts that could not be reached count as, beside exit codes.</summary>
    private sealed record Answer(PyServiceHost Host, int Code, string Output, ErrorReport? Error);

    /// <summary>Gives a verb, and those below it, the options, and what they do.</summary>
    /// <param name="verb">Which.</param>
    /// <param name="kind">What it is given there.</param>
    /// <param name="except">Verbs below it that are about this host alone.</param>
    public static Verb AddTo(Verb verb, RelayKind kind = RelayKind.Text, params string[] except)
    {
        AddTo(verb, HostOptions.AddTo(verb, areRecursive: verb.Subcommands.Count > 0), kind, except);
        foreach (var about in verb.Subcommands.OfType<Verb>().Where(sub => except.Contains(sub.Name)))
            about.Refuse(HostOptions.Names, option => $"{about.Name} is about this host: it takes no {option}.");
        return verb;
    }

    /// <inheritdoc cref="AddTo(Verb, RelayKind, string[])"/>
    public static void AddTo(Verb verb, HostOptions options, RelayKind kind, params string[] except)
    {
        foreach (var each in verb.Subcommands.Where(sub => !except.Contains(sub.Name)).Prepend(verb))
        {
            var json = each.Options.Concat(verb.Options).OfType<Option<bool>>().FirstOrDefault(option => option.Name == "--json");
            var here = (AsynchronousCommandLineAction)each.Action!;
            each.SetAction((parsed, cancellation) => options.AreGiven(parsed)
                ? RunAsync(options, parsed, json is not null && parsed.GetValue(json), kind, cancellation)
                : here.InvokeAsync(parsed, cancellation));
        }

        if (kind is not RelayKind.Text)
        {
            verb.Rules.Add(parsed => options.Of(parsed).Count > 1 && Terminal.IsPresent
                ? $"{verb.Name} has the terminal for itself: give one --host." : null);
        }
    }

    private static async Task<int> RunAsync(
        HostOptions options, ParseResult parsed, bool isJson, RelayKind kind, CancellationToken cancellation)
    {
        var hosts = options.Of(parsed);
        var words = WordsOf(parsed);
        if (kind is not RelayKind.Text && hosts is [var only])
            return await JoinAsync(only, words, kind);

        var asked = hosts.Select(host => AskAsync(host, words, hosts.Count > 1, cancellation)).ToArray();
        var answers = new List<Answer>();
        foreach (var each in asked)
        {
            var answer = await each;
            answers.Add(answer);
            if (answer.Error is { } error)
                await ConsoleOutput.WriteErrorAsync(error, isVerbose: parsed.GetValue(SharedOptions.Verbose));
            else if (!isJson)
                await WriteAsync(answer, hosts.Count > 1);
        }

        if (isJson)
        {
            await ConsoleOutput.WriteJsonAsync(HostCommand.Merge(
                answers.Where(answer => answer.Output.Length > 0).Select(answer => (answer.Host.HostName, answer.Output))));
        }

        return answers.Exists(answer => answer.Error is not null) ? ExitCodes.Failed : answers.Max(answer => answer.Code);
    }

    /// <summary>As they were typed, without what says which hosts. What follows a '--' is left as it is.</summary>
    internal static IReadOnlyList<string> WordsOf(ParseResult parsed)
    {
        var words = new List<string>();
        var tokens = parsed.Tokens;
        for (var at = 0; at < tokens.Count; at++)
        {
            if (tokens[at].Type == TokenType.Option && HostOptions.ValuesOf(tokens[at].Value) is { } values)
                at += values;
            // As a word of its own it would be an option there.
            else if (at > 0 && tokens[at - 1].Type == TokenType.Option && tokens[at] is { Type: TokenType.Argument, Value: ['-', ..] })
                words[^1] += $"={tokens[at].Value}";
            else
                words.Add(tokens[at].Value);
        }

        return words;
    }

    private static async Task<int> JoinAsync(PyServiceHost host, IReadOnlyList<string> words, RelayKind kind)
    {
        using var ignored = System.Runtime.InteropServices.PosixSignalRegistration.Create(
            System.Runtime.InteropServices.PosixSignal.SIGINT, signal => signal.Cancel = true);
        using var process = HostCommand.Join(host, words, Terminal.IsPresent);
        await process.WaitForExitAsync(CancellationToken.None);
        // What ssh itself failed by; a command of the user's may end in it, too.
        return process.ExitCode == HostCommand.SshFailed && kind is not RelayKind.Program ? ExitCodes.Failed : process.ExitCode;
    }

    private static async Task<Answer> AskAsync(
        PyServiceHost host, IReadOnlyList<string> words, bool areSeveral, CancellationToken cancellation)
    {
        try
        {
            var (code, output) = await HostCommand.RunAsync(
                host, words, line => ConsoleOutput.WriteErrorLine(areSeveral ? Named(host, line) : line), cancellation);
            return new Answer(host, code, output, null);
        }
        catch (ServiceCtlException error)
        {
            return new Answer(host, ExitCodes.Failed, "", error.Report with { HostName = host.HostName });
        }
    }

    /// <summary>The host stands where it stands in errors of ours.</summary>
    private static string Named(PyServiceHost host, string line) => line.StartsWith("error: ", StringComparison.Ordinal)
        ? $"error: {host.HostName}: {line["error: ".Length..]}" : $"{host.HostName}: {line}";

    private static async Task WriteAsync(Answer answer, bool areSeveral)
    {
        if (!areSeveral)
        {
            await ConsoleOutput.WriteDocumentAsync(answer.Output);
            return;
        }

        foreach (var line in answer.Output.TrimEnd('\n').Split('\n').Where(_ => answer.Output.Length > 0))
            await ConsoleOutput.WriteLineAsync($"{answer.Host.HostName}: {line}");
    }
}
