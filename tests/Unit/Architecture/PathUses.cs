using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ServiceCtl.Tests.Unit.Architecture;

/// <summary>
/// Where sources open, list, change or delete what a path leads to, judged by symbols. To look whether something is there, what kind it is
/// and when it was written is no such use: nothing is believed of its content.
/// </summary>
internal static class PathUses
{
    private static readonly string[] Whole = ["File", "Directory", "FileInfo", "DirectoryInfo", "FileSystemInfo"];

    /// <summary>What takes a path, or a stream or handle that somebody has opened.</summary>
    private static readonly string[] ByPath = ["FileStream", "StreamReader", "StreamWriter"];

    private static readonly string[] Looks =
    [
        "Exists", "LinkTarget", "Length", "Name", "FullName", "Parent", "GetLastWriteTimeUtc", "GetUnixFileMode", "UnixFileMode",
        "ResolveLinkTarget",
    ];

    public static IReadOnlyList<(string File, int Line, string Member)> All(CSharpCompilation compilation) =>
    [
        .. from tree in compilation.SyntaxTrees.AsParallel()
           let model = compilation.GetSemanticModel(tree)
           from node in tree.GetRoot().DescendantNodes()
           where node is SimpleNameSyntax or BaseObjectCreationExpressionSyntax
           let info = model.GetSymbolInfo(node)
           from symbol in info.Symbol is { } bound ? [bound] : info.CandidateSymbols
           where IsUse(symbol)
           let line = node.GetLocation().GetLineSpan().StartLinePosition.Line + 1
           orderby tree.FilePath, line
           select (tree.FilePath, line, $"{symbol.ContainingType.Name}.{symbol.Name}"),
    ];

    private static bool IsUse(ISymbol symbol)
    {
        if (symbol is not (IMethodSymbol or IPropertySymbol) || symbol.ContainingType is not { } type
            || type.ContainingNamespace?.ToDisplayString() != "System.IO")
            return false;
        if (symbol is IMethodSymbol { MethodKind: MethodKind.Constructor } constructor)
            return ByPath.Contains(type.Name) && constructor.Parameters is [{ Type.SpecialType: SpecialType.System_String }, ..];
        return Whole.Contains(type.Name)
            ? !Looks.Contains(symbol.Name) && !(symbol is IMethodSymbol { Parameters: [{ Type.Name: "SafeFileHandle" }, ..] })
            : type.Name == "Path" && symbol.Name == "GetTempFileName";
    }
}
