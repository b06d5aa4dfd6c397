using System.Text.Json.Serialization;

namespace ServiceCtl.Engine.Logs.Relog;

/// <summary>
/// Only writes, by code that is made ahead. What <see cref="RelogJson"/> needs to know of each property to read it, too, would be compiled
/// at each start: 50 ms.
/// </summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(RelogState))]
internal sealed partial class RelogWritingJson : JsonSerializerContext;
