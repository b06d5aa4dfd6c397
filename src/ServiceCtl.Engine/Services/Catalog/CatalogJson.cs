using System.Text.Json.Serialization;

namespace ServiceCtl.Engine.Services.Catalog;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(IReadOnlyList<CatalogEntry>))]
internal sealed partial class CatalogJson : JsonSerializerContext;
