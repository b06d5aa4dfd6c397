using System.Text.Json.Serialization;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(GenerationRecord))]
[JsonSerializable(typeof(ReleaseRecord))]
[JsonSerializable(typeof(ServiceDefinition))]
internal sealed partial class GenerationJson : JsonSerializerContext;
