namespace ServiceCtl.Client;

/// <summary>The service whose image is meant: a registered one, or the one in a folder, which nobody has to register.</summary>
/// <param name="Name">Null for the one in the folder.</param>
/// <param name="Folder">Absolute path; counts where there is no name.</param>
public sealed record ImageSource(string? Name, string? Folder)
{
    /// <summary>A registered service.</summary>
    public static ImageSource Of(string name) => new(name, null);

    /// <summary>The service in a folder.</summary>
    public static ImageSource In(string folder) => new(null, folder);
}
