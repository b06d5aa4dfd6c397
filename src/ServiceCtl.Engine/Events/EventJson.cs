using System.Text.Json.Serialization;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Events;

/// <summary>How an event is kept on disk, and sent to those who follow: camelCase names, enums as words, nothing for null.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ServiceEvent))]
internal sealed partial class EventJson : JsonSerializerContext;
