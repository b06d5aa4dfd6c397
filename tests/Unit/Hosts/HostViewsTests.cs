using System.Xml.Linq;
using ServiceCtl.Contracts;

namespace ServiceCtl.Tests.Unit.Hosts;

/// <summary>The tables of PowerShell, where objects come from several hosts.</summary>
public sealed class HostViewsTests
{
    /// <summary>A deployment's own: its plan and its steps, which are inside it, and what is about a host itself.</summary>
    private static readonly string[] Others =
        [nameof(PyServiceDeployPlan), nameof(PyServiceDeployStep), nameof(PyServiceDeployedHost), nameof(PyServiceImageCopy)];

    private static readonly XElement[] Tables = [.. XDocument
        .Load(Path.Combine(Repository.Root, "module", "ServiceCtl.Format.ps1xml")).Descendants("View")
        .Where(view => view.Element("TableControl") is not null)];

    public static TheoryData<string> Types => [.. typeof(PyService).Assembly.GetExportedTypes()
        .Where(type => type.GetProperty("HostName") is not null && TablesOf(type.FullName!).Any())
        .Select(type => type.Name).Except(Others)];

    [Theory]
    [MemberData(nameof(Types))]
    public void A_table_of_several_hosts_begins_with_the_host(string type)
    {
        var name = $"ServiceCtl.Contracts.{type}";
        var own = Assert.Single(TablesOf(name), view => !view.Element("Name")!.Value.Contains('#', StringComparison.Ordinal));

        var several = Assert.Single(TablesOf($"{name}#Hosts"));

        Assert.Equal("HostName", several.Descendants("TableColumnHeader").First().Element("Label")?.Value);
        Assert.Contains("$_.HostName", several.Descendants("TableColumnItem").First().Value, StringComparison.Ordinal);
        Assert.Equal(own.Descendants("TableColumnItem").Count() + 1, several.Descendants("TableColumnItem").Count());
    }

    private static IEnumerable<XElement> TablesOf(string type) =>
        Tables.Where(view => view.Descendants("TypeName").Any(name => name.Value == type));
}
