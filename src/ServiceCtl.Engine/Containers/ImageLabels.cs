namespace ServiceCtl.Engine.Containers;

/// <summary>
/// What an image says of itself. Containers have the labels of their image, so none of these is one by which a container is ours.
/// https://github.com/opencontainers/image-spec/blob/main/annotations.md
/// </summary>
internal static class ImageLabels
{
    /// <summary>The service that it was built for.</summary>
    public const string Service = "io.servicectl.image";

    public const string Commit = "org.opencontainers.image.revision";

    public const string Version = "org.opencontainers.image.version";

    public const string Title = "org.opencontainers.image.title";
}
