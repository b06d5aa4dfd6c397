using System.Text.Json.Serialization;

namespace ServiceCtl.Engine.Logs.Relog;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RelogState))]
internal sealed partial class RelogJson : JsonSerializerContext;
