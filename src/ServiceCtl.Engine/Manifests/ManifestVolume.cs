namespace ServiceCtl.Engine.Manifests;

/// <summary>What is mounted into a container.</summary>
/// <param name="Source">An absolute path, or the name of a volume.</param>
/// <param name="Target">Where it is inside.</param>
/// <param name="IsReadOnly">Can't the service change it?</param>
internal sealed record ManifestVolume(string Source, string Target, bool IsReadOnly)
{
    public bool IsPath => Source.StartsWith('/');

    /// <param name="written"><c>SOURCE:TARGET[:ro]</c>, with an absolute path or a name.</param>
    public static ManifestVolume Of(string written)
    {
        var parts = written.Split(':');
        return new ManifestVolume(parts[0], parts[1], parts is [_, _, "ro"]);
    }
}
