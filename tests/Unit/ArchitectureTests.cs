using System.Reflection;
using ServiceCtl.Contracts;

namespace ServiceCtl.Tests.Unit;

/// <summary>The house rules of docs/architecture.md that a compiler can't keep.</summary>
public sealed class ArchitectureTests
{
    private static readonly Assembly Contracts = typeof(PyService).Assembly;

    [Fact]
    public void Contracts_references_the_base_class_library_only()
    {
        Assert.All(Contracts.GetReferencedAssemblies(), reference => Assert.StartsWith("System.", reference.Name));
    }

    [Fact]
    public void Contracts_holds_no_type_that_can_be_inherited()
    {
        Assert.All(Contracts.GetExportedTypes(), type => Assert.True(type.IsSealed, $"{type} is not sealed"));
    }
}
