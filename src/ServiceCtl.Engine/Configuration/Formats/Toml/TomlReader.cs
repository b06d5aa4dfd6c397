using System.Buffers;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Configuration.Values;
using Tomlyn;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace ServiceCtl.Engine.Configuration.Formats.Toml;

/// <summary>
/// TOML 1.1 into a tree whose every value knows its place. Tomlyn knows the syntax; which table a line belongs to, and what is given twice,
/// <see cref="TomlTables"/> decides. A fault of syntax ends the reading; a key that is given twice does not.
/// </summary>
/// <remarks>https://toml.io/en/v1.1.0</remarks>
internal static class TomlReader
{
    /// <summary>
    /// Beyond <see cref="ConfigurationLimits.Depth"/>, so that what is too deep is found with its place; and far from the stack's end.
    /// </summary>
    private const int DepthOfParser = 4 * ConfigurationLimits.Depth;

    /// <summary>Tomlyn's tree takes some 200 bytes per token. An honest file has three of these characters to a value.</summary>
    private const int MostStructure = 5 * ConfigurationLimits.Nodes;

    /// <summary>One has been taken off with the file's encoding; Tomlyn would pass over a second one.</summary>
    private const char ByteOrderMark = '\uFEFF';

    private static readonly SearchValues<char> Structure = SearchValues.Create("\n.,=[]{}");

    private static readonly TomlParserOptions Strict = new() { Mode = TomlParserMode.Strict, DecodeScalars = true };

    private static readonly TomlSerializerOptions Options = new() { MaxDepth = DepthOfParser };

    /// <summary>The root of a file.</summary>
    /// <exception cref="MalformedSourceException">The file can't be read to its end.</exception>
    public static ConfigMapping ReadRoot(SourceText text, ProblemList problems, CancellationToken cancellation)
    {
        if (text.IsUtf16)
            throw new MalformedSourceException(text.At(1, 1), "The file is UTF-16, and TOML is always UTF-8.", "Save the file as UTF-8.");
        if (text.Text.StartsWith(ByteOrderMark))
            throw new MalformedSourceException(text.At(1, 1), "The file begins with two byte order marks.", "Save the file as UTF-8.");
        TextCursor.RequireWholeLineEnds(text);
        RequireFewTokens(text);
        Check(text, cancellation);
        var document = SyntaxParser.Parse(text.Text, Options, text.Name, validate: false);
        return document.Diagnostics.FirstOrDefault(found => found.Kind == DiagnosticMessageKind.Error) is { } fault
            ? throw TomlFault.Of(text, fault.Span.Start.Line, fault.Span.Start.Column, fault.Message, null)
            : new TomlTree(text, problems, cancellation).Read(document);
    }

    /// <summary>
    /// A first look that stops at the first fault, and counts: the parser that makes the tree collects all faults, of which a hostile file
    /// has millions.
    /// </summary>
    private static void Check(SourceText text, CancellationToken cancellation)
    {
        var parser = TomlParser.Create(text.Text, Strict, Options);
        TomlParseEvent? last = null;
        try
        {
            for (var values = 0; parser.MoveNext();)
            {
                cancellation.ThrowIfCancellationRequested();
                var found = parser.Current;
                if (found.Span is null)
                    continue;
                last = found;
                if (found.Kind is not (TomlParseEventKind.PropertyName or TomlParseEventKind.EndTable or TomlParseEventKind.EndArray)
                    && ++values > ConfigurationLimits.Nodes)
                    throw TomlTables.TooMany(text.At(found.Line, found.Column));
            }
        }
        catch (TomlException fault)
        {
            throw TomlFault.Of(text, (fault.Line ?? last?.Line ?? 1) - 1, (fault.Column ?? last?.Column ?? 1) - 1, fault.Message, last);
        }
        catch (ArgumentOutOfRangeException fault)
        {
            throw EndsInEscape(text, last, fault);
        }
    }

    // Tomlyn can't name the character behind a backslash where there is none: at the end of the text.
    private static MalformedSourceException EndsInEscape(SourceText text, TomlParseEvent? last, Exception fault) => new(
        text.AtIndex(text.Text.EndsWith('\\') ? text.Text.Length : last?.Span?.Start.Offset ?? 0),
        "A quote is not closed: the text ends in an escape.",
        "Close the quote; write `\\\\` for a backslash, or use single quotes.", fault);

    private static void RequireFewTokens(SourceText text)
    {
        var rest = text.Text.AsSpan();
        for (var count = 0; rest.IndexOfAny(Structure) is >= 0 and var at; rest = rest[(at + 1)..])
        {
            if (++count > MostStructure)
                throw TomlTables.TooMany(text.AtIndex(text.Text.Length - rest.Length + at));
        }
    }
}
