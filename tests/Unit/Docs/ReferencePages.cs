using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ServiceCtl.Contracts;
using ServiceCtl.Host;
using ServiceCtl.Host.Help;

namespace ServiceCtl.Tests.Unit.Docs;

/// <summary>Pages of docs/reference, made of the sources of <c>--help</c> and of <c>Get-Help</c>.</summary>
internal static class ReferencePages
{
    private const string Note = "<!-- Made of the sources of the help. A unit test, ReferencePagesTests, says how to make it again. -->";

    /// <summary>Every verb of <c>servicectl</c>.</summary>
    public static string OfCommand()
    {
        var pages = Tree(CommandLine.CreateRoot()).Select(HelpPage.Of).ToArray();
        var text = new StringBuilder(
            $"# servicectl\n\n{Note}\n\nWhat `servicectl VERB --help` and the man pages say. Its [exit codes](exit-codes.md) are the same "
                + "for every verb.\n");
        foreach (var page in pages)
        {
            text.Append($"\n## {page.Words}\n\n{page.Summary}\n\n```text\n{page.Words} {page.Usage}\n```\n");
            if (page.Details is { } details)
                text.Append($"\n{details}\n");
            AppendTable(text, "argument", page.Arguments);
            AppendTable(text, "verb", page.Verbs);
            AppendTable(text, "option", page.Options);
            AppendTable(text, "example", page.Examples);
        }

        return text.ToString();
    }

    /// <summary>Every cmdlet of the module.</summary>
    public static string OfCmdlets()
    {
        var folder = Path.Combine(Repository.Root, "src", "ServiceCtl.Cmdlets", "Help");
        var source = XDocument.Load(Path.Combine(folder, "Help.xml")).Root!;
        var shared = source.Element("parameters")!.Elements("parameter").ToDictionary(parameter => parameter.Attribute("name")!.Value);
        var cmdlets = source.Elements("cmdlet")
            .Select(cmdlet => XDocument.Load(Path.Combine(folder, cmdlet.Attribute("file")!.Value)).Root!).ToArray();
        var text = new StringBuilder(
            $"# Cmdlets\n\n{Note}\n\nWhat `Get-Help` says, in short; `Get-Help Start-PyService -Full` says the rest, and `Get-Help "
                + "about_ServiceCtl` what all have in common.\n");
        AppendTable(text, "cmdlet", [.. cmdlets.Select(cmdlet => (cmdlet.Attribute("name")!.Value, Words(cmdlet.Element("synopsis")!)))]);
        foreach (var cmdlet in cmdlets)
        {
            text.Append($"\n## {cmdlet.Attribute("name")!.Value}\n\n{Words(cmdlet.Element("synopsis")!)}\n");
            foreach (var paragraph in cmdlet.Element("description")!.Elements("p"))
                text.Append($"\n{Words(paragraph)}\n");
            AppendTable(text, "parameter", [.. cmdlet.Elements("parameter").Select(parameter => Describe(parameter, shared))]);
            foreach (var example in cmdlet.Elements("example"))
                text.Append(
                    $"\n{example.Attribute("title")!.Value}:\n\n```powershell "
                        + $"no-run\n{example.Element("code")!.Value.Trim()}\n```\n\n{Words(example.Element("p")!)}\n");
        }

        return text.ToString();
    }

    /// <summary>Every error code, by what its declaration says.</summary>
    public static string OfErrors()
    {
        var source = File.ReadAllText(Path.Combine(Repository.Root, "src", "ServiceCtl.Contracts", "Errors", "ErrorCode.cs"));
        var codes = Enum.GetNames<ErrorCode>().Select(
            code => (code, Regex.Match(source, $@"/// <summary>(?<words>[^<]*)</summary>\s+{code},").Groups["words"].Value)).ToList();
        Assert.DoesNotContain(codes, code => code.Value.Length == 0);
        var text = new StringBuilder($"""
            # Errors

            {Note}

            An error has a code, a target, a message and advice. The code is the error id in PowerShell (`FullyQualifiedErrorId`), `code` in JSON, and what `servicectl -v` prints below a message.
            What failed for one service of several is reported for that service; the others are served.

            """);
        AppendTable(text, "code", codes);
        return text.ToString();
    }

    /// <summary>The agent's API, by the description that it answers with itself.</summary>
    public static string OfApi()
    {
        var api = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "src", "ServiceCtl.Host", "Agent", "openapi.json")))!;
        var text = new StringBuilder($"""
            # The agent's API

            {Note}

            {api["info"]!["description"]}

            `GET /v1/openapi.json` has the whole of it, with the schemas. Errors are answered as `ErrorReport`: code, target, message, advice ([errors](errors.md)).

            """);
        var requests = from path in api["paths"]!.AsObject()
                       from method in path.Value!.AsObject()
                       select (Request: $"{method.Key.ToUpperInvariant()} {path.Key}", Method: method.Value!);
        foreach (var (request, method) in requests)
        {
            text.Append($"\n## {request}\n\n{method["summary"]}.\n");
            var parameters = method["parameters"]?.AsArray()
                .Select(parameter => ($"{parameter!["name"]}", $"{parameter["description"] ?? (string?)parameter["in"]}")).ToList();
            AppendTable(text, "parameter", parameters ?? []);
            AppendTable(text, "answer",
                [.. method["responses"]!.AsObject().Where(answer => answer.Key != "default")
                    .Select(answer => (answer.Key, $"{answer.Value!["description"]}"))]);
        }

        return text.ToString();
    }

    private static (string Term, string Text) Describe(XElement parameter, Dictionary<string, XElement> shared)
    {
        var common = parameter.Attribute("ref") is { } name ? shared[name.Value] : null;
        var paragraphs = parameter.Elements("p").Any() ? parameter.Elements("p") : common!.Elements("p");
        var type = (parameter.Attribute("type") ?? common!.Attribute("type"))!.Value;
        var value = type == "SwitchParameter" ? "" : $" {type}";
        return ($"-{(parameter.Attribute("name") ?? parameter.Attribute("ref"))!.Value}{value}", string.Join(' ',
            paragraphs.Select(Words)));
    }

    private static void AppendTable(StringBuilder text, string heading, IReadOnlyList<(string Term, string Text)> rows)
    {
        if (rows.Count == 0)
            return;
        text.Append($"\n| {heading} | |\n|---|---|\n");
        foreach (var (term, words) in rows)
            text.Append($"| `{Cell(term)}` | {Cell(words)} |\n");
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace('\n', ' ');

    private static string Words(XElement element) =>
        string.Join(' ', element.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static IEnumerable<Command> Tree(Command command) =>
        command.Subcommands.Where(sub => !sub.Hidden).SelectMany(Tree).Prepend(command);
}
