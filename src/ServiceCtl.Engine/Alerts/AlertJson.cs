using System.Text.Json.Serialization;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Alerts;

/// <summary>How the agent and the sender tell each other, by files and a pipe of theirs alone.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AlertRoutes))]
[JsonSerializable(typeof(SenderRecord))]
[JsonSerializable(typeof(IReadOnlyList<PyServiceAlertTest>))]
internal sealed partial class AlertJson : JsonSerializerContext;
