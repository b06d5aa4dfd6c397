using System.CommandLine;
using System.CommandLine.Completions;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Completion;

/// <summary>What the last of some words can become.</summary>
/// <remarks>
/// The library's own completion mixes options, verbs and values, and searches within words. A shell wants what fits the place and begins
/// like the word.
/// </remarks>
internal static class Completer
{
    public static IReadOnlyList<(string Word, string Means)> Complete(Command root, IReadOnlyList<string> words)
    {
        var current = words.Count == 0 ? "" : words[^1];
        var command = root;
        Option? awaiting = null;
        var isPlain = false; // after --
        foreach (var word in words.SkipLast(1))
        {
            if (awaiting is { AllowMultipleArgumentsPerToken: false } || (awaiting is not null && !word.StartsWith('-')))
                awaiting = awaiting.AllowMultipleArgumentsPerToken ? awaiting : null;
            else if (!isPlain && word == "--")
                (isPlain, awaiting) = (true, null);
            else if (!isPlain && word.StartsWith('-'))
                awaiting = word.Contains('=') ? null : Find(command, word) is { ValueType: var type } option && type != typeof(bool)
                    ? option : null;
            else if (command.Subcommands.FirstOrDefault(sub => sub.Name == word || sub.Aliases.Contains(word)) is { } sub)
                command = sub;
        }

        return [.. Candidates().Where(candidate => candidate.Word.StartsWith(current, StringComparison.Ordinal))
            .DistinctBy(candidate => candidate.Word)];

        IEnumerable<(string Word, string Means)> Candidates()
        {
            if (awaiting is not null && !(awaiting.AllowMultipleArgumentsPerToken && current.StartsWith('-')))
                return Values(awaiting.GetCompletions(CompletionContext.Empty));
            if (!isPlain && current.StartsWith("--", StringComparison.Ordinal)
                && current.IndexOf('=', StringComparison.Ordinal) is > 0 and var at)
                return Find(command, current[..at]) is { } option ? Values(option.GetCompletions(CompletionContext.Empty))
                    .Select(value => ($"{current[..at]}={value.Word}", value.Means)) : [];
            if (!isPlain && current.StartsWith('-'))
                return UsageErrors.OptionsOf(command).Where(option => !option.Hidden)
                    .Select(option => (option.Name, option.Description ?? ""));
            return command.Subcommands.Where(sub => !sub.Hidden).Select(sub => (sub.Name, sub.Description ?? ""))
                .Concat(command.Arguments.SelectMany(argument => Values(argument.GetCompletions(CompletionContext.Empty))));
        }
    }

    private static Option? Find(Command command, string word) =>
        UsageErrors.OptionsOf(command).FirstOrDefault(option => option.Name == word || option.Aliases.Contains(word));

    private static IEnumerable<(string Word, string Means)> Values(IEnumerable<CompletionItem> items) =>
        items.Select(item => (item.Label, item.Detail ?? ""));
}
