using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;

namespace ServiceCtl.Host.Commands;

/// <summary>Asks a person what was not chosen. Enter takes the default, and what can't be is asked again.</summary>
internal static class ProjectQuestions
{
    public static string AskName()
    {
        while (true)
        {
            if (Ask("Name of the project, such as my-shop: ") is { Length: > 0 } name)
                return name;
        }
    }

    public static ProjectFramework AskFramework(IReadOnlyList<PyServiceTemplate> templates) =>
        Choose("Framework", [.. templates.Select(template => template.Framework)]);

    /// <summary>The request with what it lacks.</summary>
    public static ProjectRequest Complete(ProjectRequest request, PyServiceTemplate template)
    {
        request = request with
        {
            Layout = request.Layout ?? Choose("Layout", template.Layouts),
            Database = request.Database ?? Choose("Database", template.Databases),
        };
        return request.Parts.Count > 0 ? request : request with { Parts = AskParts(template, request) };
    }

    private static string[] AskParts(PyServiceTemplate template, ProjectRequest request)
    {
        PyServiceTemplatePart[] parts =
        [
            .. template.Parts.Where(part => (part.Layouts.Count == 0 || part.Layouts.Contains(request.Layout!.Value))
                && (part.Databases.Count == 0 || part.Databases.Contains(request.Database!.Value))),
        ];
        if (parts.Length == 0)
            return [];
        foreach (var part in parts)
            ConsoleOutput.WriteErrorLine($"  {part.Name,-12} {part.Description}");
        while (true)
        {
            var words = Ask("Parts, with commas, or * for all [none]: ").Split(',', StringSplitOptions.TrimEntries
                | StringSplitOptions.RemoveEmptyEntries);
            if (Array.TrueForAll(words, word => word is "*" || parts.Any(part => part.Name == word)))
                return words;
        }
    }

    private static T Choose<T>(string what, IReadOnlyList<T> choices)
        where T : struct, Enum
    {
        if (choices.Count == 1)
            return choices[0];
        var words = string.Join(", ", choices.Select(choice => choice.ToString().ToLowerInvariant()));
        while (true)
        {
            var word = Ask($"{what} ({words}) [{choices[0].ToString().ToLowerInvariant()}]: ");
            if (word.Length == 0)
                return choices[0];
            foreach (var choice in choices.Where(choice => choice.ToString().Equals(word, StringComparison.OrdinalIgnoreCase)))
                return choice;
        }
    }

    private static string Ask(string question)
    {
        Console.Error.Write(VisibleText.Line(question));
        return Console.ReadLine()?.Trim() ?? throw new ServiceCtlException(ErrorCode.Cancelled, null, "Nothing was made.");
    }
}
