using System.CommandLine;
using System.Reflection;
using System.Text;
using ServiceCtl.Host;
using ServiceCtl.Host.Completion;
using ServiceCtl.Host.Help;
using ServiceCtl.Host.Syntax;
using ServiceCtl.Tests.Unit.Commands;

namespace ServiceCtl.Tests.Fuzz.Targets;

/// <summary>Words on the command line, one a line of the input: understood, or refused in words.</summary>
internal sealed class ArgumentsTarget(int seed) : IFuzzTarget
{
    private static readonly MethodInfo OptionValue = GetValueOf("Option`1");
    private static readonly MethodInfo ArgumentValue = GetValueOf("Argument`1");

    private const int MostWords = 5000;

    private static readonly RootCommand Root = CommandLine.CreateRoot();

    public IReadOnlyList<string> Dictionary { get; } = [.. CommandLine.Verbs.Select(verb => $"\n{verb.Word}\n"), "\n--\n", "\n--json\n",
        "\n--timeout=", "\n-n", "\n*\n", "\n!", "\n--help\n"];

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            var vectors = new ArgumentVectors(seed);
            return Enumerable.Range(0, 2000).Select(_ => Encoding.UTF8.GetBytes(string.Join('\n', vectors.Next())));
        }
    }

    public Task<string> RunAsync(byte[] input)
    {
        // The kernel hands over no more than this in one word. System.CommandLine takes quadratic time for words that it can't place;
        // that is the time of whoever typed them.
        var typed = Encoding.UTF8.GetString(input).Split('\n').Take(MostWords);
        string[] words = [.. typed.Select(word => word.Length > 100_000 ? word[..100_000] : word)];
        if (words.Any(word => word.StartsWith('-')))
            Completer.Complete(Root, [.. words.TakeWhile(word => word != "--"), "-"]);
        var parsed = CommandLine.Parse(words);
        if (parsed.Action is HelpAction)
            return Task.FromResult("help");
        var complaints = UsageErrors.Of(parsed, words);
        if (complaints.FirstOrDefault(
            complaint =>
                complaint.Message.Contains("Exception", StringComparison.Ordinal)
                    || complaint.Message.Contains("System.", StringComparison.Ordinal)) is { } bad)
            throw new FaultException($"A complaint in the words of .NET: {bad.Message}");
        if (complaints.Count > 0)
            return Task.FromResult(complaints[0].Message);
        foreach (var option in UsageErrors.OptionsOf(parsed.CommandResult.Command))
            OptionValue.MakeGenericMethod(option.ValueType).Invoke(parsed, [option]);
        foreach (var argument in parsed.CommandResult.Command.Arguments)
            ArgumentValue.MakeGenericMethod(argument.ValueType).Invoke(parsed, [argument]);
        return Task.FromResult($"understood {parsed.CommandResult.Command.Name} {parsed.CommandResult.Children.Count()}");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static MethodInfo GetValueOf(string symbol) =>
        typeof(ParseResult).GetMethods()
            .Single(method => method.Name == nameof(ParseResult.GetValue) && method.GetParameters()[0].ParameterType.Name == symbol);
}
