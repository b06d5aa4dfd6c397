using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Configuration.Masking;
using ServiceCtl.Engine.Configuration.Sources;
using ServiceCtl.Engine.Configuration.Text;

namespace ServiceCtl.Engine.Configuration.Reporting;

/// <summary>The line that a problem is about, with a caret below its column.</summary>
public static partial class SourceExcerpt
{
    /// <summary>Of a long line, so much around the column is shown.</summary>
    private const int Width = 110;

    /// <summary>The problems with their excerpts, where their sources are files that can still be read.</summary>
    /// <param name="problems">As a check tells them.</param>
    /// <param name="mask">Takes out the secrets that are known.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async Task<IReadOnlyList<ConfigurationProblem>> AddAsync(
        IReadOnlyList<ConfigurationProblem> problems, SecretMask mask, CancellationToken cancellation)
    {
        var texts = new Dictionary<string, SourceText?>(StringComparer.Ordinal);
        var shown = new List<ConfigurationProblem>();
        foreach (var problem in problems)
        {
            if (problem is not { Line: { } line, Column: { } column })
            {
                shown.Add(problem);
                continue;
            }

            if (!texts.TryGetValue(problem.Source, out var text))
                texts.Add(problem.Source, text = await ReadAsync(problem.Source, cancellation));
            shown.Add(problem with
            {
                Excerpt = text is null || IsBelowSecret(text, line, mask)
                    ? null : Of(text.Line(line).ToString(), line, column, mask)
            });
        }

        return shown;
    }

    /// <summary>Two lines: the text with its number, and the caret.</summary>
    internal static string Of(string line, int number, int column, SecretMask mask)
    {
        var index = Math.Clamp(column - 1, 0, line.Length);
        var shown = Masked(line, mask, ref index);
        (shown, index) = Window(shown, index);
        var gutter = string.Create(CultureInfo.InvariantCulture, $"{number,5} | ");
        return $"{gutter}{shown}\n{new string(' ', gutter.Length - 2)}| {Indentation(shown.AsSpan(0, index))}^";
    }

    /// <summary>
    /// Is the line part of a value, or of a section, whose name is a secret's? A key may be many lines above what it holds.
    /// </summary>
    private static bool IsBelowSecret(SourceText text, int number, SecretMask mask)
    {
        var line = text.Line(number);
        var isValue = !AssignmentPattern().IsMatch(line);
        var indentation = line.Length - line.TrimStart().Length;
        for (var above = number - 1; above > 0; above--)
        {
            var candidate = text.Line(above);
            if (!AssignmentPattern().IsMatch(candidate) || (!isValue && candidate.Length - candidate.TrimStart().Length >= indentation))
                continue;
            if (mask.IsSecretKeyName(NamePattern().Match(candidate.ToString()).Value))
                return true;
            isValue = false;
            indentation = candidate.Length - candidate.TrimStart().Length;
        }

        return false;
    }

    private static async Task<SourceText?> ReadAsync(string source, CancellationToken cancellation)
    {
        try
        {
            return File.Exists(source) ? await SourceFile.ReadAsync(source, cancellation) : null;
        }
        catch (Exception exception) when (exception is MalformedSourceException or ServiceCtlException)
        {
            // What is no text, or is gone, can't be quoted; the problem itself says so.
            return null;
        }
    }

    /// <summary>Everything after a telling name goes, up to the end of the line: it may be anything, and its end can't be known.</summary>
    private static string Masked(string line, SecretMask mask, ref int index)
    {
        foreach (var match in AssignmentPattern().EnumerateMatches(line))
        {
            var name = NamePattern().Match(line, match.Index, match.Length).Value;
            var value = match.Index + match.Length;
            if (!mask.IsSecretKeyName(name) || line.AsSpan(value).Trim().IsEmpty)
                continue;
            index = Math.Min(index, value);
            return mask.MaskText(line[..value]) + SecretPattern.Mask;
        }

        var masked = mask.MaskText(line);
        index = masked == line ? index : Math.Min(index, CommonPrefix(line, masked));
        return masked;
    }

    private static int CommonPrefix(string left, string right) => left.AsSpan().CommonPrefixLength(right);

    private static (string Text, int Index) Window(string line, int index)
    {
        if (line.Length <= Width)
            return (line, index);
        var start = Math.Clamp(index - (Width / 2), 0, line.Length - Width);
        var end = start + Width;
        if (char.IsLowSurrogate(line[start]))
            start++;
        if (end < line.Length && char.IsLowSurrogate(line[end]))
            end++;
        var before = start > 0 ? "..." : "";
        return ($"{before}{line[start..end]}{(end < line.Length ? "..." : "")}", index - start + before.Length);
    }

    /// <summary>As wide on a terminal as the text: tabs stay tabs, and a wide character takes two columns.</summary>
    private static string Indentation(ReadOnlySpan<char> text)
    {
        var indentation = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
            indentation.Append(rune.Value == '\t' ? "\t" : new string(' ', DisplayWidth.Of(rune)));
        return indentation.ToString();
    }

    // Begins where a word begins, and gives none of it back: a line of a million letters is looked through once.
    [GeneratedRegex("""["']?(?<![\w.-])(?>[\w.-]+)["']?\s*[:=]\s*""", RegexOptions.CultureInvariant)]
    private static partial Regex AssignmentPattern();

    [GeneratedRegex(@"[\w.-]+", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}
