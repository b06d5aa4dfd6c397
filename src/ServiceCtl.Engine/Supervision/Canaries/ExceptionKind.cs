using ServiceCtl.Engine.Logs.Relog;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision.Canaries;

/// <summary>
/// What exceptions of two releases have in common: type, file and function. Its line and its release's folder are another's in each.
/// </summary>
internal sealed class ExceptionKind(ReleasePlace? release)
{
    /// <summary>In bytes, of a line: kinds are kept for as long as a canary runs.</summary>
    private const int Longest = 300;

    private readonly string? _releases = release is null ? null : Path.GetDirectoryName(release.Folder) + "/";
    private readonly string? _link = release is null ? null : release.Link + "/";

    /// <param name="exception">The line that ends the traceback: <c>ValueError: message</c>.</param>
    /// <param name="frame">Its last frame: <c>  File "/srv/app.py", line 12, in f</c>; empty where there was none.</param>
    public string Of(ReadOnlySpan<byte> exception, ReadOnlySpan<byte> frame)
    {
        var (type, _) = ExceptionText.Split(Shortened(exception));
        return Of(type.Trim(), frame.IsEmpty ? null : ExceptionText.Place(Shortened(frame)).Trim());
    }

    /// <param name="type">The exception's.</param>
    /// <param name="place">As relog tells it: <c>/srv/app.py:12 in f</c>; null where there was none.</param>
    public string Of(string type, string? place)
    {
        if (place is null)
            return type;
        var at = place.LastIndexOf(" in ", StringComparison.Ordinal);
        var line = at >= 0 ? place.LastIndexOf(':', at) : place.LastIndexOf(':');
        return line < 0 ? type : $"{type} in {InRelease(place[..line])}{(at > line ? $", {place[(at + 4)..]}" : "")}";
    }

    private string InRelease(string path)
    {
        if (path.StartsWith("./", StringComparison.Ordinal))
            return path[2..];
        if (_link is not null && path.StartsWith(_link, StringComparison.Ordinal))
            return path[_link.Length..];
        if (_releases is null || !path.StartsWith(_releases, StringComparison.Ordinal))
            return path;
        var rest = path[_releases.Length..];
        return rest.IndexOf('/') is >= 0 and var slash ? rest[(slash + 1)..] : path;
    }

    private static ReadOnlySpan<byte> Shortened(ReadOnlySpan<byte> line) => line[..Math.Min(line.Length, Longest)];
}
