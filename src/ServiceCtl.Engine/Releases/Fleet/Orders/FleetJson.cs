using System.Text.Json.Serialization;

namespace ServiceCtl.Engine.Releases.Fleet.Orders;

/// <summary>
/// What goes between whoever deploys and the hosts. Both may be of neighbouring versions: what one does not know, it ignores.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HostOrder))]
[JsonSerializable(typeof(HostReport))]
internal sealed partial class FleetJson : JsonSerializerContext;
