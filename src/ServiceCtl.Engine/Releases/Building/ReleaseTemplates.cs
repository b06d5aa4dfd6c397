using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Releases.Settings;

namespace ServiceCtl.Engine.Releases.Building;

/// <summary>Files that are rendered into a release. Of one that a stage has in its own folder, that one counts.</summary>
/// <param name="settings">Which they are.</param>
/// <param name="values">What names stand for.</param>
/// <param name="secrets">The same, of which nothing is shown.</param>
/// <param name="user">Whose rights count for the templates, where others than root can change them.</param>
internal sealed class ReleaseTemplates(
    DeploySettings settings, IReadOnlyDictionary<string, string> values, IReadOnlyDictionary<string, string> secrets, string? user)
{
    private const int Longest = 4 << 20;
    private const string SecretPrefix = "secrets.";

    /// <summary>All of them.</summary>
    /// <exception cref="ServiceCtlException">One is not there, or can't be rendered.</exception>
    public IReadOnlyList<RenderedFile> Render() => [.. settings.Templates.Select(Render)];

    /// <summary>The templates with their text, as they are sent to another host.</summary>
    /// <inheritdoc cref="Render()"/>
    public IReadOnlyList<TemplateSetting> ReadAll() =>
        [.. settings.Templates.Select(template => template with { Text = Read(Find(template.Source)) })];

    /// <summary>Writes them; the folders on their ways are made.</summary>
    public static void Write(IReadOnlyList<RenderedFile> files, string release, FileActor? actor) => UserFiles.Use(actor, release, () =>
    {
        foreach (var file in files)
        {
            var path = Path.Combine(release, file.Place);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            AtomicFile.Write(path, Encoding.UTF8.GetBytes(file.Text), isDurable: false, file.Mode);
        }
    });

    /// <summary>What differs from a release, line by line, secrets masked.</summary>
    public static IReadOnlyList<string> Differences(
        IReadOnlyList<RenderedFile> files, string release, FileActor? actor, SecretMask mask)
    {
        List<string> lines = [];
        foreach (var file in files)
        {
            var before = TryRead(actor, Path.Combine(release, file.Place));
            if (before == file.Text)
                continue;
            string[] old = Lines(before ?? ""), now = Lines(file.Text);
            lines.Add($"{file.To}:");
            lines.AddRange(old.Except(now).Select(line => $"- {mask.MaskText(line)}"));
            lines.AddRange(now.Except(old).Select(line => $"+ {mask.MaskText(line)}"));
        }

        return lines;
    }

    private RenderedFile Render(TemplateSetting template)
    {
        var path = template.Text is null ? Find(template.Source) : template.Source;
        var isSecret = false;
        var text = TemplateText.Render(template.Text ?? Read(path), path, name =>
        {
            if (!name.StartsWith(SecretPrefix, StringComparison.Ordinal))
                return values.GetValueOrDefault(name);
            isSecret = true;
            return secrets.GetValueOrDefault(name[SecretPrefix.Length..]);
        });
        return new RenderedFile(
            template.To, text, template.Mode ?? (isSecret ? FileModes.Private : FileModes.Readable), template.Into);
    }

    private string Find(string source)
    {
        var path = Path.GetFullPath(source, settings.Folder);
        var (folder, name) = (Path.GetDirectoryName(path)!, Path.GetFileName(path));
        string[] places = [Path.Combine(folder, settings.Stage, name), path, Path.Combine(folder, "shared", name)];
        return places.FirstOrDefault(File.Exists) ?? throw new ServiceCtlException(ErrorCode.ConfigNotFound, path,
            $"There is no template {path}, and none in the folders {settings.Stage} and shared beside it.", "Correct `templates`.");
    }

    private string Read(string path)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(UserFiles.ReadAll(user, path, Longest));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            throw new ServiceCtlException(ErrorCode.ConfigInvalid, path, $"The template {path} can't be read: {error.Message}",
                "It has to be text in UTF-8 that may be read.", error);
        }
    }

    private static string? TryRead(FileActor? actor, string path)
    {
        try
        {
            return Encoding.UTF8.GetString(UserFiles.ReadAll(actor, path, Longest));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
