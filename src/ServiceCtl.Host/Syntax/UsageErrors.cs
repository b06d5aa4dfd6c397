using System.CommandLine;
using System.CommandLine.Parsing;
using ServiceCtl.Contracts;

namespace ServiceCtl.Host.Syntax;

/// <summary>What is wrong with a command line, in words that help to mend it.</summary>
internal static class UsageErrors
{
    /// <summary>Every complaint about the command line; none when it is right.</summary>
    public static IReadOnlyList<ErrorReport> Of(ParseResult parsed, IReadOnlyList<string> arguments)
    {
        var command = parsed.CommandResult.Command;
        string[] complaints = [.. Complaints(parsed, command, arguments).Distinct()];
        var help = $"Nothing was changed. See 'servicectl {string.Join(' ', Words(parsed).Append("--help"))}'.";
        return
        [
            .. complaints.Select((complaint, index) => new ErrorReport
            {
                Code = ErrorCode.InvalidArgument,
                Message = complaint,
                Advice = index == complaints.Length - 1 ? help : null,
            }),
        ];
    }

    public static string UnknownOption(string typed, Command command) =>
        $"Unknown option {OptionValues.Shown(typed)}."
        + $"{OptionValues.Hint(typed.Split('=')[0], OptionsOf(command).Select(option => option.Name))}";

    /// <summary>The options that can stand after a command: its own, and those of its ancestors that are for all below.</summary>
    public static IEnumerable<Option> OptionsOf(Command command) =>
        command.Options.Concat(AncestorsOf(command).SelectMany(parent => parent.Options.Where(option => option.Recursive)))
            .Where(option => (command as Verb)?.Refused.Contains(option.Name) is not true);

    /// <summary>The commands above a command, the nearest first.</summary>
    public static IEnumerable<Command> AncestorsOf(Command command)
    {
        for (var parent = command.Parents.OfType<Command>().FirstOrDefault(); parent is not null; parent = parent.Parents.OfType<Command>()
            .FirstOrDefault())
            yield return parent;
    }

    private static IEnumerable<string> Complaints(ParseResult parsed, Command command, IReadOnlyList<string> arguments)
    {
        if (parsed.UnmatchedTokens is [var unknown, ..])
            yield return Unknown(unknown, command);
        else if (parsed.Errors.Count > 0 && command is { Action: null, Subcommands.Count: > 0 })
            yield return $"Name a verb: {Verbs(command)}.";
        foreach (var option in MistypedOptions(parsed, arguments))
            yield return UnknownOption(option, command);
        foreach (var error in parsed.Errors.Where(error => error.SymbolResult is not CommandResult))
            yield return error.Message;
        foreach (var flag in FlagsWithValue(command, arguments))
            yield return flag;
        foreach (var error in parsed.Errors
            .Where(error => error.SymbolResult is CommandResult && parsed.UnmatchedTokens.Count == 0 && command.Action is not null))
            yield return error.Message;
        foreach (var complaint in command is Verb verb && parsed.Errors.Count == 0
            ? verb.Rules.Select(rule => rule(parsed)).OfType<string>() : [])
            yield return complaint;
    }

    private static string Unknown(string typed, Command command) => typed.StartsWith('-')
        ? UnknownOption(typed, command)
        : command.Subcommands.Count > 0
            ? $"Unknown verb {OptionValues.Shown(typed)}.{OptionValues.Hint(typed, command.Subcommands.Select(verb => verb.Name))} Verbs: "
                + $"{Verbs(command)}."
            : $"Unexpected argument {OptionValues.Shown(typed)}.";

    /// <summary>The parser would take them for names of services, or paths. After <c>--</c> they are that.</summary>
    private static IEnumerable<string> MistypedOptions(ParseResult parsed, IReadOnlyList<string> arguments) =>
        parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value)
            .Where(word => word.Length > 1 && word[0] == '-')
            .Intersect(arguments.TakeWhile(word => word != "--"));

    /// <summary>The parser would take the value of a switch, <c>--json=maybe</c>, for the next argument: a service's name.</summary>
    private static IEnumerable<string> FlagsWithValue(Command command, IReadOnlyList<string> arguments) =>
        from word in arguments.TakeWhile(word => word != "--")
        let at = word.IndexOfAny(['=', ':'])
        where at > 0
        let option = OptionsOf(command).FirstOrDefault(
            option => option.ValueType == typeof(bool) && (option.Name == word[..at] || option.Aliases.Contains(word[..at])))
        where option is not null && !bool.TryParse(word[(at + 1)..], out _)
        select $"{option.Name} takes no value.";

    private static string Verbs(Command command) =>
        string.Join(", ", command.Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name));

    /// <summary>The words that lead to the command, without the program's name.</summary>
    private static List<string> Words(ParseResult parsed)
    {
        var words = new List<string>();
        for (SymbolResult? at = parsed.CommandResult; at is CommandResult { Parent: not null } result; at = at.Parent)
            words.Insert(0, result.Command.Name);
        return words;
    }
}
