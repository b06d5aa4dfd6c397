using System.Text.Json;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Values;
using ServiceCtl.Engine.Releases.Settings;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Tests.Unit.Configuration;

/// <summary>The committed pages are what the schema says today.</summary>
public sealed class PublishedSchemaTests
{
    [Fact]
    public void The_reference_page_is_not_stale() => Assert.True(
        Committed("configuration.md") == ReferencePage.Write(ServiceSchema.Schema, ServiceReference.Title, ServiceReference.Introduction),
        "run: servicectl config reference > docs/configuration.md");

    [Fact]
    public void The_JSON_Schema_is_not_stale() => Assert.True(
        Committed("config.schema.json") == JsonSchemaWriter.Write(ServiceSchema.Schema, ServiceReference.Title),
        "run: servicectl config schema > docs/config.schema.json");

    [Fact]
    public void The_reference_page_of_deploy_yaml_is_not_stale() => Assert.True(
        Committed(Path.Combine("reference", "deploy-keys.md")) == DeployReference.Write(),
        "run: servicectl config reference --deploy > docs/reference/deploy-keys.md");

    [Fact]
    public void Every_key_is_on_the_page_with_its_type_default_unit_and_example()
    {
        var page = ReferencePage.Write(ServiceSchema.Schema, "t", "i");

        foreach (var key in ServiceSchema.Schema.Keys)
        {
            var row = Assert.Single(page.Split('\n'), line => line.StartsWith($"| `{key.Path}` |", StringComparison.Ordinal));
            var cells = row.Replace("\\|", "", StringComparison.Ordinal).Split('|');
            Assert.Equal(9, cells.Length);
            Assert.NotEmpty(cells[2].Trim());
            Assert.Equal(key.Unit ?? "", cells[3].Trim());
            Assert.NotEmpty(cells[5].Trim());
        }
    }

    [Fact]
    public void The_JSON_Schema_closes_what_the_schema_closes_and_describes_every_key()
    {
        using var document = JsonDocument.Parse(JsonSchemaWriter.Write(ServiceSchema.Schema, "t"));
        var root = document.RootElement;

        Assert.False(root.TryGetProperty("additionalProperties", out _));
        Assert.False(root.GetProperty("properties").GetProperty("service").GetProperty("additionalProperties").GetBoolean());
        foreach (var key in ServiceSchema.Schema.Keys)
        {
            var at = KeyPath.Split(key.Path).Aggregate(root, (node, segment) => node.GetProperty("properties").GetProperty(segment.Name!));
            Assert.StartsWith(key.Description, at.GetProperty("description").GetString(), StringComparison.Ordinal);
            Assert.Equal(key.IsSecret, at.TryGetProperty("writeOnly", out _));
        }
    }

    private static string Committed(string name) => File.ReadAllText(Path.Combine(Repository.Root, "docs", name));
}
