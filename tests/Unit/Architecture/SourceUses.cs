using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ServiceCtl.Tests.Unit.Architecture;

/// <summary>
/// Who uses whom, judged by the compiler's symbols: an alias, a fully qualified name, <c>using static</c>, <c>nameof</c> and a constant all
/// count, as does a type that is only inferred. A name in a comment or a using line without a use does not.
/// </summary>
internal sealed class SourceUses
{
    private static readonly CSharpParseOptions Parsing = new(LanguageVersion.Preview);

    // What ImplicitUsings adds to every project of ours.
    private const string ImplicitUsings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;
        """;

    private static readonly ImmutableArray<MetadataReference> Framework =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(':')
            .Where(path =>
                !Path.GetFileName(path).StartsWith("ServiceCtl.", StringComparison.Ordinal) && Path.GetFileName(path) != "servicectl.dll")
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private readonly CSharpCompilation _compilation;

    /// <summary>All of it, for other questions.</summary>
    public CSharpCompilation Compilation => _compilation;

    /// <param name="files">Paths, relative to <c>src</c>, and texts.</param>
    public SourceUses(IEnumerable<(string Path, string Text)> files)
    {
        var trees = files.Select(file => CSharpSyntaxTree.ParseText(file.Text, Parsing, file.Path)).ToList();
        _compilation = CSharpCompilation.Create(
            "House", [CSharpSyntaxTree.ParseText(ImplicitUsings, Parsing, "ImplicitUsings.cs"), .. trees], Framework,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true,
                nullableContextOptions: NullableContextOptions.Enable));
    }

    /// <summary>Each use of a type that one file declares by another file.</summary>
    public IReadOnlyList<Use> All() =>
    [
        .. _compilation.SyntaxTrees.AsParallel().SelectMany(UsesOf).Distinct().OrderBy(use => use.From, StringComparer.Ordinal)
            .ThenBy(use => use.Line),
    ];

    private IEnumerable<Use> UsesOf(SyntaxTree tree)
    {
        var model = _compilation.GetSemanticModel(tree);
        foreach (var node in tree.GetRoot().DescendantNodes())
        {
            if (node is not (SimpleNameSyntax or ImplicitObjectCreationExpressionSyntax or ConstructorInitializerSyntax))
                continue;
            var info = model.GetSymbolInfo(node);
            foreach (var symbol in info.Symbol is { } bound ? [bound] : info.CandidateSymbols)
            {
                foreach (var type in TypesOf(symbol))
                {
                    foreach (var declaration in type.DeclaringSyntaxReferences.Select(reference => reference.SyntaxTree.FilePath)
                        .Distinct())
                    {
                        if (declaration != tree.FilePath)
                            yield return new Use(tree.FilePath, node.GetLocation().GetLineSpan().StartLinePosition.Line + 1, type.Name,
                                declaration);
                    }
                }
            }
        }
    }

    private static IEnumerable<INamedTypeSymbol> TypesOf(ISymbol symbol)
    {
        var type = symbol as ITypeSymbol ?? symbol.ContainingType;
        while (type is IArrayTypeSymbol array)
            type = array.ElementType;
        while (type is IPointerTypeSymbol pointer)
            type = pointer.PointedAtType;
        if (type is not INamedTypeSymbol named)
            yield break;

        yield return named.OriginalDefinition;
        // `var x = …` names a list of them where it names nothing else.
        foreach (var argument in named.TypeArguments.SelectMany(TypesOf))
            yield return argument;
    }
}
