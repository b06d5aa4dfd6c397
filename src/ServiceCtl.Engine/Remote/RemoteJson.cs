using System.Text.Json.Serialization;

namespace ServiceCtl.Engine.Remote;

/// <summary>What is kept of pushes on disk, and what a service is posted.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RemoteRecord))]
[JsonSerializable(typeof(ModuleAddresses))]
internal sealed partial class RemoteJson : JsonSerializerContext;
