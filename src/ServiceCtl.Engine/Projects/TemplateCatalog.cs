using System.Text.Json;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Projects;

/// <summary>The templates that there are, and what may be chosen of each.</summary>
internal sealed class TemplateCatalog
{
    private const string Manifest = "template.json";

    private readonly Lazy<IReadOnlyList<TemplateManifest>> _manifests;

    internal TemplateCatalog(TemplateFiles files)
    {
        Files = files;
        _manifests = new(() =>
        [
            .. Enum.GetValues<ProjectFramework>().Select(WordOf).Where(word => files.Paths.Contains($"{word}/{Manifest}"))
                .Select(word => JsonSerializer.Deserialize(files.Read($"{word}/{Manifest}"), ProjectJson.Default.TemplateManifest)!),
        ]);
    }

    /// <summary>Of this version of ServiceCtl.</summary>
    public static TemplateCatalog Embedded { get; } = new(TemplateFiles.Embedded);

    public TemplateFiles Files { get; }

    public IReadOnlyList<TemplateManifest> Manifests => _manifests.Value;

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: this version has none of that name.</exception>
    public TemplateManifest Get(string id) => Manifests.FirstOrDefault(manifest => manifest.Id == id) ?? throw new ServiceCtlException(
        ErrorCode.InvalidArgument, id, $"This version of ServiceCtl has no template '{VisibleText.Line(id)}'.",
        "'servicectl new --list' shows those that it has.");

    /// <summary>What can be chosen, for people.</summary>
    public IReadOnlyList<PyServiceTemplate> List() =>
    [
        .. Manifests.Select(manifest => new PyServiceTemplate
        {
            Framework = Read<ProjectFramework>(manifest.Id),
            Version = manifest.Version,
            Description = manifest.Description,
            Layouts = [.. manifest.Layouts.Keys.Select(Read<ProjectLayout>)],
            Databases = [.. manifest.Databases.Select(Read<ProjectDatabase>)],
            Port = manifest.Port,
            Parts =
            [
                .. manifest.Parts.Select(part => new PyServiceTemplatePart
                {
                    Name = part.Name,
                    Description = part.Description,
                    Layouts = [.. part.Layouts.Select(Read<ProjectLayout>)],
                    Databases = [.. part.Databases.Select(Read<ProjectDatabase>)],
                }),
            ],
        }),
    ];

    /// <summary>How template.json, folders and records write it.</summary>
    internal static string WordOf<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    internal static T Read<T>(string word)
        where T : struct, Enum => Enum.Parse<T>(word, ignoreCase: true);
}
