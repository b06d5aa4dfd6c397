using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ServiceCtl.Tests.Unit.Architecture;

/// <summary>What sources declare, and whether anything in them uses it.</summary>
internal static class Declarations
{
    /// <summary>
    /// Found by the compiler without a name: by the pattern of a loop, a collection expression, a deconstruction, an end of a block.
    /// </summary>
    private static readonly string[] FoundByPattern = ["Add", "Deconstruct", "Dispose", "DisposeAsync", "GetEnumerator",
        "GetAsyncEnumerator", "Main", "PrintMembers"];

    /// <summary>Constructors with more arguments than that, those of records apart.</summary>
    public static IReadOnlyList<string> LongConstructors(CSharpCompilation compilation, int most) =>
    [
        .. from type in Types(compilation)
           where !type.IsRecord
           from constructor in type.InstanceConstructors
           where constructor.Parameters.Length > most
           select $"{PlaceOf(constructor)}: {type.Name} takes {constructor.Parameters.Length} arguments",
    ];

    /// <summary>
    /// Fields and properties that are promised a value and get it later, as where two things are made of each other. Parameters of cmdlets
    /// get theirs from PowerShell.
    /// </summary>
    public static IReadOnlyList<string> FilledLater(CSharpCompilation compilation) =>
    [
        .. from tree in compilation.SyntaxTrees
           from node in tree.GetRoot().DescendantNodes()
           let initializer = node switch
           {
               PropertyDeclarationSyntax { AttributeLists.Count: 0, Initializer.Value: var value } => value,
               VariableDeclaratorSyntax { Parent.Parent: FieldDeclarationSyntax, Initializer.Value: var value } => value,
               _ => null,
           }
           where initializer is PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression,
               Operand: LiteralExpressionSyntax }
           select $"{tree.FilePath}:{node.GetLocation().GetLineSpan().StartLinePosition.Line + 1}: {node}",
    ];

    /// <summary>
    /// Members and types that nothing uses but themselves. Left out is what is reached from outside: the records users receive, what
    /// overrides or implements, parameters of cmdlets, and the properties of what is written as JSON.
    /// </summary>
    public static IReadOnlyList<string> Unused(CSharpCompilation compilation)
    {
        var (used, names) = Uses(compilation);
        var written = WrittenAsJson(compilation);
        return
        [
            .. from type in Types(compilation)
               where !IsReachedFromOutside(type)
               from symbol in type.GetMembers().Append(type)
               where IsAsked(symbol, written) && !used.Contains(symbol) && !names.Contains(symbol.Name)
               orderby PlaceOf(symbol)
               select $"{PlaceOf(symbol)}: {symbol.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat)}",
        ];
    }

    /// <summary>
    /// Records of the API, the library for daemons, what PowerShell finds by its interfaces and attributes (its assembly is not known
    /// here), structures that the kernel fills, and the program itself.
    /// </summary>
    private static bool IsReachedFromOutside(INamedTypeSymbol type) =>
        PathOf(type).StartsWith("ServiceCtl.Contracts/", StringComparison.Ordinal)
            || PathOf(type) == "ServiceCtl.Engine/Daemons/SimpleDaemon.cs"
        || type.Name == "Program" || type.BaseType is { TypeKind: TypeKind.Error }
        || type.Interfaces.Any(one => one.TypeKind == TypeKind.Error)
        || type.GetAttributes()
            .Any(attribute => attribute.AttributeClass?.Name is "Cmdlet" or "CmdletAttribute" or "StructLayoutAttribute");

    private static bool IsAsked(ISymbol symbol, HashSet<ISymbol> written) =>
        symbol is
        {
            IsImplicitlyDeclared: false, IsOverride: false, CanBeReferencedByName: true,
            DeclaredAccessibility: not Accessibility.Private
        }
        && !FoundByPattern.Contains(symbol.Name) && !Implements(symbol)
        && !symbol.GetAttributes().Any(attribute => attribute.AttributeClass?.Name is "Parameter" or "ParameterAttribute")
        && symbol switch
        {
            IMethodSymbol { MethodKind: MethodKind.Ordinary, IsExtern: false, PartialDefinitionPart: null } => true,
            // Keys are held by KeysAreReadTests: some are known only so that they are accepted.
            IPropertySymbol { IsIndexer: false, Type.Name: not "SchemaKey" } property => !written.Contains(property.ContainingType),
            IFieldSymbol field => field.ContainingType.TypeKind != TypeKind.Enum,
            IEventSymbol => true,
            INamedTypeSymbol type =>
                type.GetAttributes().All(attribute => attribute.AttributeClass?.Name is not ("Cmdlet" or "CmdletAttribute")),
            _ => false,
        };

    private static bool Implements(ISymbol symbol) =>
        symbol.ContainingType is { TypeKind: not TypeKind.Interface } type
        && type.AllInterfaces.SelectMany(one => one.GetMembers(symbol.Name))
            .Any(member => SymbolEqualityComparer.Default.Equals(type.FindImplementationForInterfaceMember(member), symbol));

    /// <summary>
    /// What is used outside its own declaration; and the names that could not be bound, which may mean anything of that name.
    /// </summary>
    private static (HashSet<ISymbol> Used, HashSet<string> Names) Uses(CSharpCompilation compilation)
    {
        var all = compilation.SyntaxTrees.AsParallel()
            .SelectMany(tree => UsesOf(compilation.GetSemanticModel(tree), tree.GetRoot()).Distinct()).ToList();
        return (
            new HashSet<ISymbol>(all.Select(use => use.Symbol).OfType<ISymbol>(), SymbolEqualityComparer.Default),
            [.. all.Select(use => use.Name).OfType<string>()]);
    }

    private static IEnumerable<(ISymbol? Symbol, string? Name)> UsesOf(SemanticModel model, SyntaxNode root)
    {
        foreach (var node in root.DescendantNodes())
        {
            if (node is not (SimpleNameSyntax or ImplicitObjectCreationExpressionSyntax or ConstructorInitializerSyntax))
                continue;
            var info = model.GetSymbolInfo(node);
            ISymbol[] symbols = info.Symbol is { } bound ? [bound] : [.. info.CandidateSymbols];
            if (symbols.Length == 0 && node is SimpleNameSyntax name)
                yield return (null, name.Identifier.ValueText);
            foreach (var symbol in symbols)
            {
                var meant = (symbol is IMethodSymbol { ReducedFrom: { } reduced } ? reduced : symbol).OriginalDefinition;
                if (!IsWithin(node, meant))
                    yield return (meant, null);
                for (var type = meant.ContainingType; type is not null; type = type.ContainingType)
                {
                    if (!IsWithin(node, type))
                        yield return (type.OriginalDefinition, null);
                }
            }
        }
    }

    private static bool IsWithin(SyntaxNode node, ISymbol symbol) =>
        symbol.DeclaringSyntaxReferences.Any(reference => reference.SyntaxTree == node.SyntaxTree && reference.Span.Contains(node.Span));

    /// <summary>Types that a source-generated serialiser writes or reads, with everything in them.</summary>
    private static HashSet<ISymbol> WrittenAsJson(CSharpCompilation compilation)
    {
        var found = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        var next = new Stack<ITypeSymbol>(
            from type in Types(compilation)
            from attribute in type.GetAttributes()
            where attribute.AttributeClass?.Name is "JsonSerializableAttribute"
            from argument in attribute.ConstructorArguments
            where argument.Value is ITypeSymbol
            select (ITypeSymbol)argument.Value!);
        while (next.TryPop(out var type))
        {
            if (type is IArrayTypeSymbol array)
                next.Push(array.ElementType);
            if (type is not INamedTypeSymbol named)
                continue;
            foreach (var argument in named.TypeArguments)
                next.Push(argument);
            if (named.DeclaringSyntaxReferences.Length > 0 && found.Add(named.OriginalDefinition))
            {
                foreach (var property in named.GetMembers().OfType<IPropertySymbol>())
                    next.Push(property.Type);
            }
        }

        return found;
    }

    private static IEnumerable<INamedTypeSymbol> Types(CSharpCompilation compilation)
    {
        var next = new Stack<INamespaceOrTypeSymbol>([compilation.Assembly.GlobalNamespace]);
        while (next.TryPop(out var one))
        {
            if (one is INamedTypeSymbol type)
                yield return type;
            foreach (var inner in one.GetMembers().OfType<INamespaceOrTypeSymbol>())
                next.Push(inner);
        }
    }

    private static string PathOf(ISymbol symbol) =>
        symbol.DeclaringSyntaxReferences.Length > 0 ? symbol.DeclaringSyntaxReferences[0].SyntaxTree.FilePath : "";

    private static string PlaceOf(ISymbol symbol) => symbol.DeclaringSyntaxReferences is [var first, ..]
        ? $"{first.SyntaxTree.FilePath}:{first.SyntaxTree.GetLineSpan(first.Span).StartLinePosition.Line + 1}"
        : symbol.Name;
}
