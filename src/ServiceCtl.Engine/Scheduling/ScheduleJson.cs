using System.Text.Json.Serialization;

namespace ServiceCtl.Engine.Scheduling;

[JsonSourceGenerationOptions(UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Dictionary<string, JobRecord>))]
internal sealed partial class ScheduleJson : JsonSerializerContext;
