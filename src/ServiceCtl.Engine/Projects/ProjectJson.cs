using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServiceCtl.Engine.Projects;

/// <summary>What templates and projects say of themselves.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TemplateManifest))]
[JsonSerializable(typeof(ProjectRecord))]
[JsonSerializable(typeof(PristineLine))]
internal sealed partial class ProjectJson : JsonSerializerContext
{
    /// <summary>One line for each object, texts as they are: so that git shows and merges them line by line.</summary>
    public static ProjectJson Lines { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
