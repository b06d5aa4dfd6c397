using System.Globalization;
using System.Text;
using ServiceCtl.Client;
using ServiceCtl.Host.Output;

namespace ServiceCtl.Host.Help;

/// <summary>A help page as a man page.</summary>
/// <remarks>man(7) has the macros: https://man7.org/linux/man-pages/man7/man.7.html</remarks>
internal static class ManPage
{
    public static string NameOf(HelpPage page) => page.Words.Replace(' ', '-');

    public static string Write(HelpPage page)
    {
        var text = new StringBuilder();
        var name = NameOf(page);
        // The date would make two builds differ.
        Line(
            $".TH {name.ToUpperInvariant().Replace("-", "\\-", StringComparison.Ordinal)} 1 \"\" \"servicectl {ServiceCtlClient.Version}\" "
                + "\"ServiceCtl\"");
        Line(".SH NAME");
        Line($"{Escape(name)} \\- {Escape(page.Summary.TrimEnd('.'))}");
        Line(".SH SYNOPSIS");
        Line($".B {Escape(page.Words)}");
        Line(Escape(page.Usage));
        Line(".SH DESCRIPTION");
        Line(Escape(page.Summary));
        if (page.Details is { } details)
            Line(Escape(details));
        Terms("ARGUMENTS", page.Arguments);
        Terms("VERBS", page.Verbs);
        Terms("OPTIONS", page.Options);
        Line(".SH EXAMPLES");
        foreach (var (line, does) in page.Examples)
            Line($".TP\n.B {Escape(line)}\n{Escape(does)}");
        Terms("EXIT STATUS", [.. ExitCodes.All.Select(code => (code.Code.ToString(CultureInfo.InvariantCulture), code.Meaning))]);
        if (page.Words != "servicectl")
            Line(".SH SEE ALSO\n.BR servicectl (1)");
        return text.ToString();

        void Terms(string heading, IReadOnlyList<(string Term, string Text)> terms)
        {
            if (terms.Count == 0)
                return;
            Line($".SH {heading}");
            foreach (var (term, meaning) in terms)
                Line($".TP\n.B {Escape(term)}\n{Escape(meaning)}");
        }

        void Line(string line) => text.Append(line).Append('\n');
    }

    /// <summary>A minus is not a hyphen to who copies it; a dot or an apostrophe at a line's start would be a macro.</summary>
    private static string Escape(string text)
    {
        var escaped = text.Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal)
            .Replace("'", "\\(aq", StringComparison.Ordinal);
        return escaped.StartsWith('.') ? "\\&" + escaped : escaped;
    }
}
