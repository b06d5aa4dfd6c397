using System.Text.Json.Serialization;

namespace ServiceCtl.Engine.Discovery;

/// <summary>Consul's own names, and nothing for null.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ConsulService))]
[JsonSerializable(typeof(Dictionary<string, ConsulAgentService>))]
[JsonSerializable(typeof(List<ConsulHealth>))]
internal sealed partial class ConsulJson : JsonSerializerContext;
