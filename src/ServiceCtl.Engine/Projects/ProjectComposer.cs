using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ServiceCtl.Engine.Projects;

/// <summary>
/// Lays the overlays of a template over each other, moves folders to where the layout has them, and exchanges names. It touches no file.
/// </summary>
internal static class ProjectComposer
{
    private const string Addition = "+";

    /// <returns>The files, in the order of their paths.</returns>
    /// <exception cref="ServiceCtl.Contracts.ServiceCtlException">The name is that of a package that the project needs.</exception>
    public static IReadOnlyList<ProjectFile> Compose(TemplateFiles files, ProjectAnswers answers)
    {
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var overlay in OverlaysOf(answers))
        {
            // In the order of the paths a file comes before what is added to it.
            foreach (var path in files.Below(overlay))
            {
                var text = Exchange(files.Read($"{overlay}/{path}"), answers);
                var isAddition = path.EndsWith(Addition, StringComparison.Ordinal);
                foreach (var place in PlacesOf(isAddition ? path[..^Addition.Length] : path, answers))
                {
                    var target = answers.Name.Exchange(place);
                    texts[target] = isAddition && texts.TryGetValue(target, out var before) ? Joined(before, text) : text;
                }
            }
        }

        ProjectFile[] composed = [.. texts.Select(file => new ProjectFile(file.Key, file.Value))];
        answers.Name.RequireFree(composed);
        return composed;
    }

    private static IEnumerable<string> OverlaysOf(ProjectAnswers answers) =>
        from overlay in (string[])["base", $"layout-{answers.Layout}", $"database-{answers.Database}",
            .. answers.Parts.SelectMany(part => (string[])[$"with-{part}", $"with-{part}-{answers.Database}"])]
        from folder in answers.Template.Shares.Append(answers.Template.Id)
        select $"{folder}/{overlay}";

    private static IEnumerable<string> PlacesOf(string path, ProjectAnswers answers)
    {
        foreach (var (folder, place) in answers.Template.Layouts[answers.Layout])
        {
            if (path.StartsWith(folder + "/", StringComparison.Ordinal))
                return (place.ValueKind == JsonValueKind.Array ? place.EnumerateArray().Select(each => each.GetString()!)
                    : [place.GetString()!]).Select(each => each == "." ? path[(folder.Length + 1)..] : each + path[folder.Length..]);
        }

        return [path];
    }

    private static string Exchange(string text, ProjectAnswers answers)
    {
        var named = answers.Name.Exchange(text);
        return answers.Port == answers.Template.Port ? named : Regex.Replace(named,
            $@"(?<![\w.]){answers.Template.Port}(?![\w.]*\w)", answers.Port!.Value.ToString(CultureInfo.InvariantCulture));
    }

    private static string Joined(string before, string text) =>
        before.Length == 0 || before[^1] == '\n' ? before + text : $"{before}\n{text}";
}
