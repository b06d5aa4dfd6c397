using System.Text.Json.Serialization;
using ServiceCtl.Contracts;

namespace ServiceCtl.Host.Commands;

/// <summary>
/// What <c>relog --json</c> prints, in the agent's style. Only writes: what is needed to read would be compiled at each start, for 40 ms.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(IReadOnlyList<RelogGroup>))]
[JsonSerializable(typeof(IReadOnlyList<RelogReport>))]
internal sealed partial class RelogJson : JsonSerializerContext;
