using System.Globalization;
using System.Text;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Packaging;

/// <summary>CHANGELOG.md: each version has a section, the newest first.</summary>
internal static class Changelog
{
    public const string FileName = "CHANGELOG.md";

    private static readonly (ChangeKind Kind, string Title)[] Titles =
    [
        (ChangeKind.Removal, "Removed"), (ChangeKind.Feature, "Added"), (ChangeKind.Fix, "Fixed"), (ChangeKind.Doc, "Documentation"),
        (ChangeKind.Misc, "Internal"),
    ];

    /// <summary>The section of a version.</summary>
    public static string Section(string version, DateOnly day, IReadOnlyList<PyServiceChange> changes)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"## {version} ({day:yyyy-MM-dd})\n");
        if (changes.Count == 0)
            text.Append("\nNo changes that users notice.\n");
        foreach (var (kind, title) in Titles)
        {
            var own = changes.Where(change => change.Kind == kind).ToList();
            if (own.Count == 0)
                continue;
            text.Append(CultureInfo.InvariantCulture, $"\n### {title}\n\n");
            foreach (var change in own)
                text.Append("- ").Append(change.Text.ReplaceLineEndings("\n  "))
                    .Append(change.Issue is { } issue ? $" (#{issue})" : "").Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The changelog with another section: above the newest version, below what stands before it.</summary>
    /// <param name="text">What it was; empty where there was none.</param>
    /// <param name="section">The section.</param>
    /// <returns>The whole text, and the line of the section, from 1.</returns>
    public static (string Text, int Line) With(string text, string section)
    {
        if (text.Trim().Length == 0)
            return ($"# Changelog\n\n{section}", 3);
        var lines = text.Split('\n');
        var isCode = false;
        for (var index = 0; index < lines.Length; index++)
        {
            if (lines[index].StartsWith("```", StringComparison.Ordinal))
                isCode = !isCode;
            // What is not released yet stays on top.
            if (!isCode && lines[index].StartsWith("## ", StringComparison.Ordinal)
                && !lines[index].Contains("unreleased", StringComparison.OrdinalIgnoreCase))
                return (string.Join('\n', (string[])[.. lines[..index], .. section.Split('\n'), .. lines[index..]]), index + 1);
        }

        var above = text.TrimEnd() + "\n\n";
        return (above + section, above.Count(letter => letter == '\n') + 1);
    }
}
