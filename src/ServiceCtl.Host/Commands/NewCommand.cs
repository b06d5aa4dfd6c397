using System.CommandLine;
using ServiceCtl.Client;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Commands;

/// <summary>
/// new: makes a project from a template. <c>--update</c> brings one up to its template: a verb of its own called "update" would be taken
/// for one that updates ServiceCtl or a service.
/// </summary>
internal static class NewCommand
{
    private static readonly Argument<string?> Name = new("name")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "What the project, its package and its service are called: letters, digits and '-', such as my-shop.",
    };

    private static readonly Option<ProjectFramework?> Framework = OptionValues.Choice("--framework",
        "What it is built on: fastapi (the default), flask, wsgi, daemon or wrapper.",
        [
            ("fastapi", ProjectFramework.FastApi), ("flask", ProjectFramework.Flask), ("wsgi", ProjectFramework.Wsgi),
            ("daemon", ProjectFramework.Daemon), ("wrapper", ProjectFramework.Wrapper),
        ]);

    private static readonly Option<ProjectDatabase?> Database = OptionValues.Choice("--database",
        "Where it keeps its data: none (the default), sqlite, postgres or redis.",
        [
            ("none", ProjectDatabase.None), ("sqlite", ProjectDatabase.Sqlite), ("postgres", ProjectDatabase.Postgres),
            ("redis", ProjectDatabase.Redis),
        ]);

    private static readonly Option<ProjectLayout?> Layout = OptionValues.Choice("--layout",
        "How its folders are laid out: cordio (home, etc, var, usr, opt) or minimal. Default: the template's first.",
        [("cordio", ProjectLayout.Cordio), ("minimal", ProjectLayout.Minimal)]);

    private static readonly Option<string[]> With = Parts("--with",
        "Optional parts, such as docs or docker; a list with commas, and patterns. --list shows them.");

    private static readonly Option<string[]> Without = Parts("--without", "With --update: parts to take away.");

    private static readonly Option<int?> Port = OptionValues.Number("--port", "The port it listens on. Default: the template's.", 1, 65535);

    private static readonly Option<string?> Folder = OptionValues.FilePath("--path",
        "The project's folder. Default: one of its name, in this folder; with --update, this folder.", "folder");

    private static readonly Option<bool> Git = new("--git") { Description = "Make a git repository of it, with a first commit." };
    private static readonly Option<bool> List = new("--list") { Description = "Show the templates, and what can be chosen of each." };
    private static readonly Option<bool> Update = new("--update")
    {
        Description = "Bring a project up to the template of this version, and keep what was changed in it.",
    };

    private static readonly Option<bool> WhatIf = new("--what-if")
    {
        Description = "Show the files, with --update the lines that change, too. Nothing is changed.",
    };

    private static readonly Option<bool> Yes = new("--yes", "-y")
    {
        Description = "Ask nothing: take the default where nothing was chosen.",
    };
    private static readonly Option<bool> Force = SharedOptions.Force(
        "Write what is missing into a folder that holds other things; with --update, change files that have uncommitted changes, too.");

    private static readonly Option<bool> Json = SharedOptions.Json();

    public static Command Create()
    {
        var command = new Verb("new", "Make a project from a template, or bring one up to its template.",
            [
                ("servicectl new shop", "Make a FastAPI project in the folder 'shop'; on a terminal, it asks what was not chosen."),
                ("servicectl new stock --framework flask --database redis --with docs,docker", "Choose what it has."),
                ("servicectl new --list", "Show what can be chosen."),
                ("servicectl new --update --with docs --path shop --what-if", "Show what adding a part to a project would change."),
            ],
            "Nothing that exists is overwritten. An update replaces files that nobody has changed, merges those that were changed, leaves "
                + "deleted ones deleted, and needs no network. It exits with 1 if a file holds conflicts, between markers as git writes "
                + "them.")
        {
            Name, Framework, Database, Layout, With, Without, Port, Folder, Git, List, Update, WhatIf, Yes, Force, Json,
        };
        command.Rules.Add(parsed => parsed.GetValue(List) || parsed.GetValue(Update) || parsed.GetValue(Name) is not null
            || AreQuestionsPossible(parsed) ? null : "Name the project.");
        command.Rules.Add(parsed => (parsed.GetValue(List) || parsed.GetValue(Update)) && parsed.GetValue(Name) is not null
            ? "--list and --update take no name; --path is the project's folder." : null);
        command.Rules.Add(parsed => parsed.GetValue(List) && parsed.GetValue(Update) ? "--list and --update are two commands." : null);
        command.Rules.Add(parsed => parsed.GetValue(Update)
            && (parsed.GetValue(Framework) is not null || parsed.GetValue(Layout) is not null || parsed.GetValue(Git))
            ? "--update changes parts, database and port; framework and layout stay, and --git is for a new project." : null);
        command.Rules.Add(parsed => parsed.GetValue(Without) is { Length: > 0 } && !parsed.GetValue(Update)
            ? "--without takes parts away from a project: it needs --update." : null);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        if (parsed.GetValue(List))
        {
            await (parsed.GetValue(Json)
                ? ConsoleOutput.WriteJsonAsync(ProjectVerbs.Templates, AgentJson.Default.IReadOnlyListPyServiceTemplate)
                : ProjectPage.WriteAsync(ProjectVerbs.Templates));
            return ExitCodes.Success;
        }

        var project = await (parsed.GetValue(Update) ? UpdateAsync(parsed, cancellation) : MakeAsync(parsed, cancellation));
        await (parsed.GetValue(Json)
            ? ConsoleOutput.WriteJsonAsync(project, AgentJson.Default.PyServiceProject)
            : ProjectPage.WriteAsync(project));
        return project.HasConflicts ? ExitCodes.Failed : ExitCodes.Success;
    }

    private static async Task<PyServiceProject> MakeAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var asks = AreQuestionsPossible(parsed);
        var name = parsed.GetValue(Name) ?? ProjectQuestions.AskName();
        var request = new ProjectRequest
        {
            Name = name,
            Path = ServiceFolder.Resolve(parsed.GetValue(Folder) ?? name),
            Framework = parsed.GetValue(Framework) ?? (asks ? ProjectQuestions.AskFramework(ProjectVerbs.Templates) : default),
            Database = parsed.GetValue(Database),
            Layout = parsed.GetValue(Layout),
            Parts = parsed.GetValue(With) ?? [],
            Port = parsed.GetValue(Port),
            Force = parsed.GetValue(Force),
            Git = parsed.GetValue(Git),
        };
        if (asks && ProjectVerbs.Templates.FirstOrDefault(each => each.Framework == request.Framework) is { } template)
            request = ProjectQuestions.Complete(request, template);
        return parsed.GetValue(WhatIf) ? ProjectVerbs.PlanNew(request) : await ProjectVerbs.CreateAsync(request, cancellation);
    }

    private static Task<PyServiceProject> UpdateAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var request = new ProjectUpdateRequest
        {
            Path = ServiceFolder.Resolve(parsed.GetValue(Folder) ?? "."),
            Database = parsed.GetValue(Database),
            With = parsed.GetValue(With) ?? [],
            Without = parsed.GetValue(Without) ?? [],
            Port = parsed.GetValue(Port),
            Force = parsed.GetValue(Force),
        };
        return parsed.GetValue(WhatIf)
            ? ProjectVerbs.PlanUpdateAsync(request, cancellation) : ProjectVerbs.UpdateAsync(request, cancellation);
    }

    private static bool AreQuestionsPossible(ParseResult parsed) =>
        CredentialPrompt.IsPossible && !parsed.GetValue(Yes) && !parsed.GetValue(Json);

    private static Option<string[]> Parts(string name, string description)
    {
        var option = new Option<string[]>(name)
        {
            Description = description,
            HelpName = "part",
            AllowMultipleArgumentsPerToken = false,
            CustomParser = result => [.. result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries))],
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens.SelectMany(token => token.Value.Split(',')).Any(string.IsNullOrWhiteSpace))
                result.AddError($"{name} takes parts, not an empty word.");
        });
        option.CompletionSources.Add(_ => ProjectVerbs.Templates.SelectMany(template => template.Parts).DistinctBy(part => part.Name)
            .Select(part => new System.CommandLine.Completions.CompletionItem(part.Name, detail: part.Description)));
        return option;
    }
}
