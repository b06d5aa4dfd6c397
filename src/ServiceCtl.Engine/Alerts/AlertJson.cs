using System.Text.Json.Serialization;

namespace ServiceCtl.Engine.Alerts;

/// <summary>How the agent and the sender tell each other, by files of theirs alone.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AlertRoutes))]
[JsonSerializable(typeof(SenderRecord))]
internal sealed partial class AlertJson : JsonSerializerContext;
