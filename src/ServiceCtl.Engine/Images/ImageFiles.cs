using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Manifests.Importing;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Images;

/// <summary>The files with which a service becomes an image.</summary>
internal static class ImageFiles
{
    public const string Dockerfile = "Dockerfile";

    /// <param name="definition">The service.</param>
    /// <param name="isPlan">Only show what would be written.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigInvalid"/>; <see cref="ErrorCode.System"/>.</exception>
    public static IReadOnlyList<PyServiceImageFile> Make(ServiceDefinition definition, bool isPlan)
    {
        var plan = ImagePlan.Of(definition);
        (string[] Names, string Content)[] files =
        [
            ([Dockerfile, "Containerfile"], DockerfileText.Of(plan)),
            ([".dockerignore", ".containerignore"], DockerignoreText.Of(plan)),
            // Where compose finds a file of its own, ours would hide it, or be hidden.
            ([.. ComposeImport.FileNames], ComposeText.Of(plan, ImageBuilder.NameOf(definition).Repository)),
        ];
        return [.. files.Select(file => Make(definition, file.Names, file.Content, isPlan))];
    }

    private static PyServiceImageFile Make(ServiceDefinition definition, string[] names, string content, bool isPlan)
    {
        var there = names.Select(name => Path.Combine(definition.Folder, name)).FirstOrDefault(Path.Exists);
        var path = there ?? Path.Combine(definition.Folder, names[0]);
        try
        {
            if (there is null && !isPlan)
                NamedFile.Replace(path, Encoding.UTF8.GetBytes(content), FileModes.Readable);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ServiceCtlException(ErrorCode.System, path, $"{path} can't be written: {error.Message}",
                "Check the folder and its permissions.", error);
        }

        return new PyServiceImageFile
        {
            Service = definition.Name,
            Path = path,
            Change = there is null ? ProjectFileChange.Created : ProjectFileChange.Kept,
            Content = content,
            IsDone = there is null && !isPlan,
        };
    }
}
