using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services.Catalog;

namespace ServiceCtl.Tests.Unit.Services;

public sealed class DependencyOrderTests
{
    [Fact]
    public void What_is_required_comes_first_and_once()
    {
        Assert.Equal(["d", "b", "c", "a"], Order("a", ("a", "b c"), ("b", "d"), ("c", "d"), ("d", "")));
    }

    [Fact]
    public void A_service_that_requires_nothing_stands_alone()
    {
        Assert.Equal(["a"], Order("a", ("a", ""), ("b", "a")));
    }

    [Fact]
    public void A_circle_is_shown_from_where_it_begins()
    {
        var error = Assert.Throws<ServiceCtlException>(() => Order("a", ("a", "b"), ("b", "c"), ("c", "b")));

        Assert.Equal(ErrorCode.ConfigInvalid, error.Code);
        Assert.Contains("b -> c -> b", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_that_requires_itself_is_a_circle_too()
    {
        Assert.Contains("a -> a", Assert.Throws<ServiceCtlException>(() => Order("a", ("a", "a"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_requirement_that_is_not_known_is_named_with_who_requires_it()
    {
        var error = Assert.Throws<ServiceCtlException>(() => Order("a", ("a", "b"), ("b", "ghost")));

        Assert.Equal(ErrorCode.ServiceNotFound, error.Code);
        Assert.StartsWith("b requires ghost", error.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Order(string name, params (string Name, string Requires)[] services)
    {
        var known = services.ToDictionary(service => service.Name,
            service => service.Requires.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return DependencyOrder.WithRequirements([name], known.GetValueOrDefault);
    }
}
