using System.Text.Json.Serialization;

namespace ServiceCtl.Engine.Releases.Tree;

/// <summary>What is kept in a stage's folder.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ReleaseRecord))]
[JsonSerializable(typeof(LockRecord))]
internal sealed partial class ReleaseJson : JsonSerializerContext;
