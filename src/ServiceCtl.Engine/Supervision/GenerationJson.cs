using System.Text.Json.Serialization;

namespace ServiceCtl.Engine.Supervision;

[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(GenerationRecord))]
internal sealed partial class GenerationJson : JsonSerializerContext;
