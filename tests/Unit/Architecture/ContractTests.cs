using System.Reflection;
using System.Runtime.CompilerServices;
using ServiceCtl.Contracts;

namespace ServiceCtl.Tests.Unit.Architecture;

/// <summary>What an agent or a host of an earlier version leaves out of its JSON is no property's initial value: it is null.</summary>
public sealed class ContractTests
{
    [Fact]
    public void A_list_that_an_earlier_version_does_not_know_is_empty()
    {
        var nullability = new NullabilityInfoContext();
        var lists = (
            from type in typeof(PyService).Assembly.GetExportedTypes()
            where type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false }
            from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            where property.PropertyType.IsGenericType && property.PropertyType.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)
                && property.CanWrite && !property.IsDefined(typeof(RequiredMemberAttribute))
                && nullability.Create(property).ReadState == NullabilityState.NotNull
            select property).ToList();

        Assert.NotEmpty(lists);
        Assert.All(lists, property => Assert.NotNull(
            property.GetValue(RuntimeHelpers.GetUninitializedObject(property.DeclaringType!))));
    }
}
