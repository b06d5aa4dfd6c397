using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Projects;

/// <summary>Completes what was asked for by what a template says, and refuses what it can't have.</summary>
internal static class AnswerRules
{
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>.</exception>
    public static ProjectAnswers Of(ProjectRequest request, TemplateCatalog catalog)
    {
        var template = catalog.Get(TemplateCatalog.WordOf(request.Framework));
        var layout = request.Layout is { } wished ? TemplateCatalog.WordOf(wished) : template.Layouts.Keys.First();
        if (!template.Layouts.ContainsKey(layout))
            throw Refusal(template, layout, "layout", template.Layouts.Keys);
        var answers = new ProjectAnswers(ProjectName.Parse(request.Name), template, layout, DatabaseOf(template, request.Database), [],
            PortOf(template, request.Port));
        return answers with { Parts = PartsOf(answers, [], request.Parts, [answers.Layout, answers.Database]) };
    }

    /// <summary>The same for a project that has answers already.</summary>
    /// <inheritdoc cref="Of"/>
    public static ProjectAnswers Change(ProjectAnswers answers, ProjectUpdateRequest request)
    {
        var changed = answers with
        {
            Database = request.Database is null ? answers.Database : DatabaseOf(answers.Template, request.Database),
            Port = request.Port is null ? answers.Port : PortOf(answers.Template, request.Port),
        };
        string[] had = [.. answers.Template.Parts.Select(part => part.Name).Where(answers.Parts.Contains)];
        var lost = request.Without.Count == 0 ? [] : Select(answers.Template, request.Without);
        if (request.Without.FirstOrDefault(word => new NamePattern(word).IsLiteral && !had.Contains(word)) is { } absent)
            throw new ServiceCtlException(ErrorCode.InvalidArgument, absent, $"The project does not have the part '{absent}'.",
                had.Length == 0 ? "It has no optional parts." : $"It has {string.Join(", ", had)}.");
        // What came with the old choice may have been taken away on purpose since.
        return changed with
        {
            Parts = PartsOf(changed, [.. had.Except(lost)], request.With,
                changed.Database == answers.Database ? [] : [changed.Database]),
        };
    }

    /// <summary>In the template's order: those that are kept, those that were chosen, and those that a choice brings.</summary>
    private static IReadOnlyList<string> PartsOf(
        ProjectAnswers answers, IReadOnlyList<string> kept, IReadOnlyList<string> chosen, IReadOnlyList<string> bringers)
    {
        var template = answers.Template;
        HashSet<string> parts = [.. kept, .. chosen.Count == 0 ? [] : Select(template, chosen)];
        foreach (var part in template.Parts.Where(part => parts.Contains(part.Name)))
        {
            if (Obstacle(part, answers) is not { } obstacle)
                continue;
            // A pattern chooses what can be had.
            if (chosen.Contains(part.Name) || kept.Contains(part.Name))
                throw new ServiceCtlException(ErrorCode.InvalidArgument, part.Name, $"The part '{part.Name}' {obstacle}.",
                    "'servicectl new --list' shows what goes together.");
            parts.Remove(part.Name);
        }

        foreach (var word in bringers)
            parts.UnionWith(template.Brings.GetValueOrDefault(word) ?? []);
        return [.. template.Parts.Select(part => part.Name).Where(parts.Contains)];
    }

    private static string? Obstacle(TemplatePart part, ProjectAnswers answers) =>
        part.Layouts.Count > 0 && !part.Layouts.Contains(answers.Layout)
            ? $"is for the layout {string.Join(" or ", part.Layouts)}, not {answers.Layout}"
            : part.Databases.Count > 0 && !part.Databases.Contains(answers.Database)
                ? $"is for the database {string.Join(" or ", part.Databases)}, not {answers.Database}" : null;

    private static IReadOnlyList<string> Select(TemplateManifest template, IReadOnlyList<string> words)
    {
        string[] names = [.. template.Parts.Select(part => part.Name)];
        if (words.FirstOrDefault(word => new NamePattern(word).IsExclusion && !names.Any(new NamePattern(word).Matches)) is { } excluded)
            throw Unknown(template, excluded[1..], names);
        var (selected, missing) = NamePattern.Select(words, names);
        return missing.Count == 0 ? selected : throw Unknown(template, missing[0], names);
    }

    private static ServiceCtlException Unknown(TemplateManifest template, string word, string[] names) => new(
        ErrorCode.InvalidArgument, word, $"The template {template.Id} has no part '{VisibleText.Line(word)}'.",
        Suggestion.For(word, names) is { } meant ? $"Did you mean '{meant}'?"
            : names.Length == 0 ? "It has no optional parts." : $"It has {string.Join(", ", names)}.");

    private static string DatabaseOf(TemplateManifest template, ProjectDatabase? chosen)
    {
        var word = chosen is { } database ? TemplateCatalog.WordOf(database) : template.Databases[0];
        return template.Databases.Contains(word) ? word : throw Refusal(template, word, "database", template.Databases);
    }

    private static int? PortOf(TemplateManifest template, int? chosen) => (chosen, template.Port) switch
    {
        (null, _) => template.Port,
        (_, null) => throw new ServiceCtlException(ErrorCode.InvalidArgument, template.Id,
            $"A project of the template {template.Id} listens on no port.", "Leave '--port' out."),
        ( < 1 or > 65535, _) => throw new ServiceCtlException(ErrorCode.InvalidArgument, template.Id, $"{chosen} can't be a port.",
            "Use a number from 1 to 65535."),
        _ => chosen,
    };

    private static ServiceCtlException Refusal(TemplateManifest template, string word, string kind, IEnumerable<string> choices) => new(
        ErrorCode.InvalidArgument, word, $"The template {template.Id} has no {kind} '{word}'.", $"It has {string.Join(", ", choices)}.");
}
