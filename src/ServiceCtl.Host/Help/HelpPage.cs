using System.CommandLine;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Help;

/// <summary>What there is to say about a command: the one source of <c>--help</c> and of the man pages.</summary>
internal sealed record HelpPage
{
    /// <summary>The words that call it: <c>servicectl config check</c>.</summary>
    public required string Words { get; init; }

    public required string Summary { get; init; }

    public string? Details { get; init; }

    /// <summary>What follows the words: <c>[NAME...] [OPTIONS]</c>.</summary>
    public required string Usage { get; init; }

    public IReadOnlyList<(string Term, string Text)> Verbs { get; init; } = [];

    public IReadOnlyList<(string Term, string Text)> Arguments { get; init; } = [];

    public IReadOnlyList<(string Term, string Text)> Options { get; init; } = [];

    public IReadOnlyList<(string Line, string Does)> Examples { get; init; } = [];

    public static HelpPage Of(Command command)
    {
        var words = string.Join(' ', Chain(command).Select(part => part is RootCommand ? "servicectl" : part.Name));
        var verb = command as Verb;
        var arguments = command.Arguments.Where(argument => !argument.Hidden).ToList();
        var options = UsageErrors.OptionsOf(command).Where(option => !option.Hidden).ToList();
        return new HelpPage
        {
            Words = words,
            Summary = command.Description ?? "",
            Details = verb?.Details,
            Usage = string.Join(' ', [
                .. command.Subcommands.Count == 0 ? [] : new[] { command.Action is null ? "VERB" : "[VERB]" },
                .. arguments.Select(Placeholder),
                "[OPTIONS]",
            ]),
            Verbs = [.. command.Subcommands.Where(sub => !sub.Hidden).Select(sub => (sub.Name, sub.Description ?? ""))],
            Arguments = [.. arguments.Select(argument => (argument.Name.ToUpperInvariant(), argument.Description ?? ""))],
            Options = [.. options.Select(option => (Term(option), option.Description ?? ""))],
            Examples = verb?.Examples ?? RootExamples,
        };
    }

    private static readonly (string, string)[] RootExamples =
    [
        ("cd /srv/billing && servicectl start", "Register the service in this folder, start it, and wait until it is ready."),
        ("servicectl status", "Show all services."),
        ("servicectl restart 'web-*'", "Restart several, without losing a request."),
        ("servicectl help restart", "Explain a verb."),
    ];

    private static IEnumerable<Command> Chain(Command command) => UsageErrors.AncestorsOf(command).Reverse().Append(command);

    private static string Placeholder(Argument argument)
    {
        var name = argument.Name.ToUpperInvariant() + (argument.Arity.MaximumNumberOfValues > 1 ? "..." : "");
        return argument.Arity.MinimumNumberOfValues == 0 || argument.HasDefaultValue ? $"[{name}]" : name;
    }

    private static string Term(Option option)
    {
        var names = option.Aliases.Where(alias => alias.Length == 2 && alias != "-?").Append(option.Name);
        return string.Join(", ", names) + (option.ValueType == typeof(bool) ? "" : $" {option.HelpName ?? "value"}");
    }
}
