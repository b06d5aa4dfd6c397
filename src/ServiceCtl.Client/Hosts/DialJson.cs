using System.Text.Json.Serialization;
using ServiceCtl.Contracts;

namespace ServiceCtl.Client.Hosts;

/// <summary>The errors of a dialler, as the agent writes its own.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ErrorReport))]
internal sealed partial class DialJson : JsonSerializerContext;
