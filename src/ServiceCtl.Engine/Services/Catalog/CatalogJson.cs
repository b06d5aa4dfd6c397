using System.Text.Json.Serialization;

namespace ServiceCtl.Engine.Services.Catalog;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(IReadOnlyList<CatalogEntry>))]
internal sealed partial class CatalogJson : JsonSerializerContext;
