using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Manifests;

/// <summary>The page of a service that shows whether it is ready, asked from inside its container.</summary>
/// <param name="Scheme">http or https.</param>
/// <param name="Port">Inside.</param>
/// <param name="Path">With its query.</param>
/// <param name="Rule">How it is asked.</param>
internal sealed record ManifestProbe(string Scheme, int Port, string Path, ProbeRule Rule)
{
    /// <summary>Nobody has to know the health check's quoting: what a shell or Python takes for its own is written as HTTP does.</summary>
    public string Url => $"{Scheme}://127.0.0.1:{Port}" + Path
        .Replace("'", "%27", StringComparison.Ordinal).Replace("\"", "%22", StringComparison.Ordinal)
        .Replace("$", "%24", StringComparison.Ordinal).Replace("`", "%60", StringComparison.Ordinal)
        .Replace("\\", "%5C", StringComparison.Ordinal);

    /// <param name="written">A path, or a URL.</param>
    /// <param name="port">The port of the service; null where it has none.</param>
    /// <param name="rule">How it is asked.</param>
    /// <returns>Null where nobody inside the container can be asked.</returns>
    public static ManifestProbe? Of(string? written, int? port, ProbeRule rule)
    {
        if (written is ['/', ..])
            return port is { } own ? new ManifestProbe("http", own, written, rule) : null;
        return Uri.TryCreate(written, UriKind.Absolute, out var url) && url.IsLoopback
            ? new ManifestProbe(url.Scheme, url.Port, url.PathAndQuery, rule) : null;
    }
}
