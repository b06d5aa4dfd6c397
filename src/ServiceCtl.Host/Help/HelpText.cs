using System.CommandLine;
using ServiceCtl.Host.Output;

namespace ServiceCtl.Host.Help;

/// <summary>A help page for a terminal, wrapped to its width.</summary>
internal static class HelpText
{
    private const int WidestTerm = 28;

    public static void Write(Command command, TextWriter output)
    {
        var page = HelpPage.Of(command);
        var width = Math.Clamp(Console.IsOutputRedirected ? 100 : Terminal.Width, 40, 120);
        output.WriteLine($"Usage: {page.Words} {page.Usage}\n");
        WriteWrapped(page.Summary, indent: 0);
        if (page.Details is { } details)
            WriteWrapped(details, indent: 0);
        WriteTerms("Arguments", page.Arguments);
        WriteTerms("Verbs", page.Verbs);
        WriteTerms("Options", page.Options);
        output.WriteLine("\nExamples:");
        foreach (var (line, does) in page.Examples)
        {
            output.WriteLine($"  {line}");
            WriteWrapped(does, indent: 6);
        }

        if (command is RootCommand)
            WriteTerms("Exit codes",
                [.. ExitCodes.All.Select(code => (code.Code.ToString(System.Globalization.CultureInfo.InvariantCulture), code.Meaning))]);
        if (page.Verbs.Count > 0)
            output.WriteLine($"\n'{page.Words} VERB --help' explains a verb.");

        void WriteTerms(string heading, IReadOnlyList<(string Term, string Text)> terms)
        {
            if (terms.Count == 0)
                return;
            output.WriteLine($"\n{heading}:");
            var column = Math.Min(WidestTerm, terms.Max(term => term.Term.Length)) + 4;
            foreach (var (term, text) in terms)
            {
                // A long term has a line of its own.
                output.Write(term.Length + 4 > column ? $"  {term}\n{new string(' ', column)}" : $"  {term}".PadRight(column));
                WriteWrapped(text, column, isBegun: true);
            }
        }

        void WriteWrapped(string text, int indent, bool isBegun = false)
        {
            var at = isBegun ? indent : 0;
            var isFirst = true;
            foreach (var word in text.Split(' '))
            {
                if (!isFirst && at + 1 + word.Length > width)
                {
                    output.WriteLine();
                    at = 0;
                    isFirst = true;
                }

                if (isFirst && at < indent)
                {
                    output.Write(new string(' ', indent));
                    at = indent;
                }

                output.Write(isFirst ? word : $" {word}");
                at += word.Length + (isFirst ? 0 : 1);
                isFirst = false;
            }

            output.WriteLine();
        }
    }
}
