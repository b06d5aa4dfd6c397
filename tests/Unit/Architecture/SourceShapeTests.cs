using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ServiceCtl.Tests.Unit.Architecture;

/// <summary>How long lines and files may be. The formatter doesn't wrap lines, so .editorconfig's max_line_length is held here.</summary>
public sealed class SourceShapeTests
{
    private const int LongestLine = 140;
    private const int LongestFile = 300;

    /// <summary>In the first lines of a longer file, with the reason behind it.</summary>
    private const string Excuse = "// Longer than 300 lines: ";

    private static readonly string[] Folders = ["src", "tests", "benchmarks", "samples"];

    [Fact]
    public void No_line_is_longer_than_the_editor_is_told()
    {
        Assert.Empty(Sources().SelectMany(path => LongLines(path, File.ReadAllText(path))));
    }

    [Fact]
    public void A_longer_file_says_why()
    {
        Assert.Empty(Sources()
            .Where(path =>
                File.ReadLines(path).Count() > LongestFile
                    && !File.ReadLines(path).Take(5).Any(line => line.StartsWith(Excuse, StringComparison.Ordinal)))
            .Select(path => Path.GetRelativePath(Repository.Root, path)));
    }

    [Theory]
    [InlineData("var a = new[] { 1, 2 };", true)]
    [InlineData("var a = $$$;", false)]
    [InlineData("/* $$$ */", false)]
    [InlineData("// $$$", false)]
    [InlineData("// https://example.org/$$$", true)]
    [InlineData("    \"$$$\",", true)]
    [InlineData("    [A(\"$$$\")]", false)]
    [InlineData("var a = \"\"\"\n$$$\n\"\"\";", true)]
    public void Only_what_can_not_be_wrapped_is_longer(string source, bool isFine)
    {
        Assert.Equal(isFine, !LongLines("test.cs", source.Replace("$$$", new string('x', LongestLine), StringComparison.Ordinal)).Any());
    }

    /// <summary>.NET looks at every process of the host for it, without a limit; <c>ProcessTree</c> has one.</summary>
    [Fact]
    public void The_product_leaves_no_tree_of_processes_to_dotnet() => Assert.Empty(Sources()
        .Select(path => (Name: Path.GetRelativePath(Repository.Root, path), Text: File.ReadAllText(path)))
        .Where(source => source.Name.StartsWith("src/", StringComparison.Ordinal)
            && (source.Text.Contains("entireProcessTree", StringComparison.Ordinal)
                || source.Text.Contains(".Kill(true)", StringComparison.Ordinal)))
        .Select(source => source.Name));

    private static IEnumerable<string> Sources() => Folders
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
        .Where(path => !path.Contains("/bin/", StringComparison.Ordinal) && !path.Contains("/obj/", StringComparison.Ordinal));

    private static IEnumerable<string> LongLines(string path, string text)
    {
        if (!text.Split('\n').Any(line => line.Length > LongestLine))
            yield break;

        var tree = CSharpSyntaxTree.ParseText(text);
        var root = tree.GetRoot();
        foreach (var line in tree.GetText().Lines.Where(line => line.End - line.Start > LongestLine))
        {
            var content = line.ToString().TrimStart();
            var first = root.FindToken(line.End - content.Length);
            var isInLiteral = first.SpanStart < line.Start && first.Span.End > line.Start;
            var isLiteral = first.SpanStart >= line.Start
                && IsUnbreakable(first.IsKind(SyntaxKind.PlusToken) || first.IsKind(SyntaxKind.ColonToken) ? first.GetNextToken() : first);
            var isAddress = content.StartsWith("// http", StringComparison.Ordinal)
                && !content[3..].Contains(' ', StringComparison.Ordinal);
            if (!isInLiteral && !isLiteral && !isAddress)
                yield return $"{path}:{line.LineNumber + 1}: {line.End - line.Start} characters";
        }
    }

    /// <summary>A pattern or a piece of JSON, or a text without a space outside its expressions.</summary>
    private static bool IsUnbreakable(SyntaxToken token) => token.Kind() switch
    {
        SyntaxKind.StringLiteralToken => token.Text[0] == '@' || !token.Text.Contains(' ', StringComparison.Ordinal),
        SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.Utf8StringLiteralToken
            or SyntaxKind.InterpolatedSingleLineRawStringStartToken => true,
        SyntaxKind.InterpolatedVerbatimStringStartToken => true,
        SyntaxKind.InterpolatedStringStartToken => !((InterpolatedStringExpressionSyntax)token.Parent!).Contents
            .OfType<InterpolatedStringTextSyntax>().Any(text => text.TextToken.Text.Contains(' ', StringComparison.Ordinal)),
        _ => false,
    };
}
