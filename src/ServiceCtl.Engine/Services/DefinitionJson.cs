using System.Text.Json.Serialization;

namespace ServiceCtl.Engine.Services;

[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(ServiceDefinition))]
internal sealed partial class DefinitionJson : JsonSerializerContext;
