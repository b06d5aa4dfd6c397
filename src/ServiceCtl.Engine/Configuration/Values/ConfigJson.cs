using System.Buffers;
using System.Text;
using System.Text.Json;

namespace ServiceCtl.Engine.Configuration.Values;

/// <summary>A configuration as a JSON file.</summary>
internal static class ConfigJson
{
    public static string Write(ConfigMapping root)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, JsonText.Options))
            JsonValueWriter.Write(writer, root);
        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }
}
