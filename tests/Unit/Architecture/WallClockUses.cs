using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ServiceCtl.Tests.Unit.Architecture;

/// <summary>
/// Where sources measure or compare by the wall clock: one moment less another, or before it. Whoever sets the clock changes what comes
/// out, so what lasts a while is measured by timestamps of <see cref="TimeProvider"/>.
/// </summary>
internal static class WallClockUses
{
    private static readonly SyntaxKind[] Measures =
    [
        SyntaxKind.SubtractExpression, SyntaxKind.LessThanExpression, SyntaxKind.LessThanOrEqualExpression,
        SyntaxKind.GreaterThanExpression, SyntaxKind.GreaterThanOrEqualExpression,
    ];

    public static IReadOnlyList<(string File, int Line)> All(CSharpCompilation compilation) =>
    [
        .. from tree in compilation.SyntaxTrees.AsParallel()
           let model = compilation.GetSemanticModel(tree)
           from node in tree.GetRoot().DescendantNodes().OfType<BinaryExpressionSyntax>()
           where Measures.Contains(node.Kind()) && IsMoment(model, node.Left) && IsMoment(model, node.Right)
           let line = node.GetLocation().GetLineSpan().StartLinePosition.Line + 1
           orderby tree.FilePath, line
           select (tree.FilePath, line),
    ];

    private static bool IsMoment(SemanticModel model, ExpressionSyntax expression)
    {
        var type = model.GetTypeInfo(expression).Type;
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
            type = nullable.TypeArguments[0];
        return type is { Name: "DateTimeOffset" or "DateTime" };
    }
}
