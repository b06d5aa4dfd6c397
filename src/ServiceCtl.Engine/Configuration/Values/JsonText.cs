using System.Text.Encodings.Web;
using System.Text.Json;

namespace ServiceCtl.Engine.Configuration.Values;

/// <summary>How JSON is written for people: indented, and with their letters as they are.</summary>
internal static class JsonText
{
    /// <summary>What is written goes into files, never into a web page, so nothing but JSON's own needs escaping.</summary>
    public static JsonWriterOptions Options { get; } = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A JSON string with its quotes.</summary>
    public static string Quote(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
