using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;

namespace ServiceCtl.Tests.Unit.Agent;

/// <summary>The document of the agent's API, and the types that the agent writes and reads.</summary>
public sealed class ApiDocumentTests
{
    private static readonly JsonObject Schemas = JsonNode.Parse(
        File.ReadAllText(Path.Combine(Repository.Root, "src", "ServiceCtl.Host", "Agent", "openapi.json")))!
            ["components"]!["schemas"]!.AsObject();

    public static TheoryData<string> Documented => [.. Schemas.Select(schema => schema.Key)];

    [Theory]
    [MemberData(nameof(Documented))]
    public void Every_property_and_every_word_is_in_the_document(string name)
    {
        var type = typeof(PyService).Assembly.GetType($"ServiceCtl.Contracts.{name}", throwOnError: true)!;
        var schema = Schemas[name]!;

        if (type.IsEnum)
        {
            var words = Enum.GetNames(type).Select(word =>
                type.GetField(word)!.GetCustomAttributes(typeof(JsonStringEnumMemberNameAttribute), inherit: false)
                    is [JsonStringEnumMemberNameAttribute { Name: var other }] ? other : word);
            Assert.Equal(words, schema["enum"]!.AsArray().Select(word => word!.GetValue<string>()));
            return;
        }

        // The host is for the client to say.
        var properties = AgentJson.Default.GetTypeInfo(type)!.Properties.Where(property => property.Get is not null)
            .Select(property => property.Name).Except(["hostName"]);
        Assert.Equal(properties.Order(StringComparer.Ordinal),
            schema["properties"]!.AsObject().Select(property => property.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_schema_that_is_named_is_there()
    {
        var named = Named(Schemas.Root).Distinct().ToList();

        Assert.Empty(named.Except(Schemas.Select(schema => $"#/components/schemas/{schema.Key}")));
    }

    private static IEnumerable<string> Named(JsonNode? node) => node switch
    {
        JsonObject table => table.SelectMany(each => each.Key == "$ref" ? [each.Value!.GetValue<string>()] : Named(each.Value)),
        JsonArray list => list.SelectMany(Named),
        _ => [],
    };
}
