using System.CommandLine;
using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Help;

/// <summary>help: the same as <c>--help</c>, for who thinks of the word first.</summary>
internal static class HelpCommand
{
    public const string Name = "help";

    /// <param name="createRoot">Makes all verbs.</param>
    public static Command Create(Func<RootCommand> createRoot)
    {
        var words = SharedWords(createRoot, "The verb to explain, such as 'restart' or 'config check'. Default: the list of verbs.");
        var command = new Verb(Name, "Explain servicectl, or one of its verbs.",
            [("servicectl help", "List the verbs."), ("servicectl help config check", "Explain one of them.")]) { words };
        command.SetAction(parsed =>
        {
            HelpText.Write(Find(createRoot(), parsed.GetValue(words) ?? [], Name), Console.Out);
            return ExitCodes.Success;
        });
        return command;
    }

    internal static Argument<string[]> SharedWords(Func<RootCommand> createRoot, string description)
    {
        var words = new Argument<string[]>("verb") { Arity = ArgumentArity.ZeroOrMore, Description = description };
        words.CompletionSources
            .Add(_ => createRoot().Subcommands.Select(verb => new System.CommandLine.Completions.CompletionItem(verb.Name)));
        return words;
    }

    /// <summary>The command that words lead to.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: there is none.</exception>
    internal static Command Find(Command command, IReadOnlyList<string> words, string asker)
    {
        foreach (var word in words)
        {
            command = command.Subcommands.FirstOrDefault(verb => verb.Name == word || verb.Aliases.Contains(word))
                ?? throw new ServiceCtlException(
                ErrorCode.InvalidArgument, word,
                $"There is no verb {OptionValues.Shown(word)}.{OptionValues.Hint(word, command.Subcommands.Select(verb => verb.Name))}",
                $"See 'servicectl {asker}'.");
        }

        return command;
    }
}
