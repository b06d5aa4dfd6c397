using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ServiceCtl.Client;

namespace ServiceCtl.Host.Syntax;

/// <summary>Options by what they take. A value that can't be read is answered with range or choices, never with an exception.</summary>
internal static class OptionValues
{
    /// <summary>A duration as configurations have them: <c>10s</c>, <c>2m</c>, <c>500ms</c>, a bare number of seconds.</summary>
    public static Option<TimeSpan?> Duration(string name, string description, TimeSpan from, TimeSpan to, params string[] aliases) =>
        new(name, aliases)
        {
            Description = description,
            HelpName = "duration",
            CustomParser = result => Read(
                result, $"a duration from {Text(from)} to {Text(to)}, such as 10s, 2m or 500ms (a bare number is seconds)",
                text => UserInput.TryParseDuration(text, out var value) && value >= from && value <= to ? value : null as TimeSpan?),
        };

    public static Option<int?> Number(string name, string description, int from, int to, params string[] aliases) => new(name, aliases)
    {
        Description = description,
        HelpName = "number",
        CustomParser = result => Read(result, Range(from, to), text => NumberIn(text, from, to)),
    };

    /// <summary>One of a few words, where an argument stands.</summary>
    public static Argument<string> Choice(string name, string description, IReadOnlyList<string> words)
    {
        var argument = new Argument<string>(name)
        {
            Description = description,
            CustomParser = result =>
            {
                if (result.Tokens is [{ Value: var text }] && !words.Contains(text))
                    result.AddError($"<{name}> is one of {string.Join(", ", words)}, not {Shown(text)}.{Hint(text, words)}");
                return result.Tokens is [{ Value: var word }] ? word : "";
            },
        };
        argument.CompletionSources.Add(_ => words.Select(word => new System.CommandLine.Completions.CompletionItem(word)));
        return argument;
    }

    /// <summary>Several whole numbers, in one word after the option or in several.</summary>
    public static Option<int[]> Numbers(string name, string description, int from, int to, params string[] aliases) => new(name, aliases)
    {
        Description = description,
        HelpName = "number",
        AllowMultipleArgumentsPerToken = true,
        CustomParser = result =>
        {
            var values = new List<int>();
            foreach (var text in Parts(result))
            {
                if (NumberIn(text, from, to) is { } value)
                    values.Add(value);
                else
                    result.AddError(Complaint(result, Range(from, to), text));
            }

            return [.. values];
        },
    };

    /// <summary>One of a few words, in upper or lower case.</summary>
    public static Option<T?> Choice<T>(string name, string description, (string Word, T Value)[] choices, params string[] aliases)
        where T : struct
    {
        var option = new Option<T?>(name, aliases)
        {
            Description = description,
            HelpName = string.Join('|', choices.Select(choice => choice.Word)),
            CustomParser = result => Read(
                result, Expectation(choices),
                text => choices.Where(choice => IsWord(choice.Word, text)).Select(choice => (T?)choice.Value).FirstOrDefault()),
        };
        option.CompletionSources.Add(_ => choices.Select(choice => choice.Word));
        return option;
    }

    /// <summary>Some of many words: the option may be repeated, take a list with commas, and patterns.</summary>
    public static Option<T[]> Choices<T>(
        string name, string description, string valueName, (string Word, T Value)[] choices, params (string Word, T Value)[] former)
    {
        var option = new Option<T[]>(name)
        {
            Description = description,
            HelpName = valueName,
            CustomParser = result =>
            {
                var values = new List<T>();
                foreach (var text in Parts(result))
                {
                    var chosen = choices.Concat(former).Where(choice => IsWord(choice.Word, text)).Select(choice => choice.Value).ToList();
                    if (chosen.Count == 0)
                        result.AddError(Complaint(result, Expectation(choices), text) + Hint(text, choices.Select(choice => choice.Word)));
                    values.AddRange(chosen);
                }

                return [.. values.Distinct()];
            },
        };
        option.CompletionSources.Add(_ => choices.Select(choice => choice.Word));
        return option;
    }

    public static Option<OnOff?> Switch(string name, string description, params string[] aliases) =>
        Choice(name, description, [("on", new OnOff(true)), ("off", new OnOff(false))], aliases);

    /// <summary>A path. An empty one, from a variable that is not set, is refused.</summary>
    public static Option<string?> FilePath(string name, string description, string valueName, params string[] aliases) => new(name, aliases)
    {
        Description = description,
        HelpName = valueName,
        CustomParser = result =>
        {
            if (result.Tokens is not [{ Value: var text }])
                return null;
            if (text.Length == 0)
                result.AddError($"{NameOf(result)} takes a path, not an empty word.");
            return text;
        },
    };

    /// <summary>Any text but none.</summary>
    public static Option<string?> Word(string name, string description, string valueName, params string[] aliases)
    {
        var option = new Option<string?>(name, aliases) { Description = description, HelpName = valueName };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => token.Value.Length == 0))
                result.AddError($"{name} takes {valueName}, not an empty word.");
        });
        return option;
    }

    /// <summary>A word that was typed, fit to be shown: no control characters, and not a page of it.</summary>
    public static string Shown(string text)
    {
        var visible = string.Concat(text.Select(letter => char.IsControl(letter) ? $"\\x{(int)letter:x2}" : letter.ToString()));
        return $"'{(visible.Length <= 60 ? visible : visible[..57] + "...")}'";
    }

    /// <summary>" Did you mean …?", or nothing.</summary>
    public static string Hint(string typed, IEnumerable<string> candidates) => UserInput.Suggest(typed, candidates) is { } meant
        ? $" Did you mean '{meant}'?" : "";

    private static T? Read<T>(ArgumentResult result, string expectation, Func<string, T?> read)
        where T : struct
    {
        // A missing or a second value is the parser's own complaint.
        if (result.Tokens is not [{ Value: var text }])
            return null;
        var value = read(text);
        if (value is null)
            result.AddError(Complaint(result, expectation, text));
        return value;
    }

    private static IEnumerable<string> Parts(ArgumentResult result) => result.Tokens.SelectMany(token => token.Value.Split(','));

    private static int? NumberIn(string text, int from, int to) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= from && value <= to
            ? value : null;

    private static string Range(int from, int to) => $"a whole number from {from} to {to}";

    private static string Expectation<T>((string Word, T Value)[] choices) =>
        "one of " + string.Join(", ", choices.Select(choice => choice.Word));

    private static string Complaint(ArgumentResult result, string expectation, string text) =>
        $"{NameOf(result)} takes {expectation}, not {Shown(text)}.";

    private static string NameOf(ArgumentResult result) => result.Parent is OptionResult option ? option.Option.Name : result.Argument.Name;

    private static bool IsWord(string word, string text) =>
        System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(text.Replace("_", "-", StringComparison.Ordinal), word)
        || string.Equals(word.Replace("-", "", StringComparison.Ordinal), text, StringComparison.OrdinalIgnoreCase);

    private static string Text(TimeSpan time) => time switch
    {
        { TotalDays: >= 1 } => $"{time.TotalDays:0.#}d",
        { TotalHours: >= 1 } => $"{time.TotalHours:0.#}h",
        { TotalMinutes: >= 1 } => $"{time.TotalMinutes:0.#}m",
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###}s"),
    };
}
