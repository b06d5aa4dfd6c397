using System.Text.Json.Serialization;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Scheduling;

/// <summary>A failure as the programs read it that rules run, which is also how the command prints it.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PyServiceFailure))]
[JsonSerializable(typeof(IReadOnlyList<QueuedHook>))]
internal sealed partial class HookJson : JsonSerializerContext;
