using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServiceCtl.Engine.Services;

/// <summary>An address as its text.</summary>
internal sealed class ListenAddressConverter : JsonConverter<ListenAddress>
{
    public override ListenAddress Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ListenAddress.TryParse(reader.GetString(), "/", out var address) ? address : throw new JsonException("not an address");

    public override void Write(Utf8JsonWriter writer, ListenAddress value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
