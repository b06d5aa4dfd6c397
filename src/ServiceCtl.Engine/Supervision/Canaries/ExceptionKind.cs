using System.Text;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision.Canaries;

/// <summary>
/// What exceptions of two releases have in common: type, file and function. Its line and its release's folder are another's in each.
/// </summary>
internal sealed class ExceptionKind(ReleasePlace? release)
{
    private const int Longest = 300;

    private const string File = "File \"";

    private readonly string? _releases = release is null ? null : Path.GetDirectoryName(release.Folder) + "/";
    private readonly string? _link = release is null ? null : release.Link + "/";

    /// <param name="exception">The line that ends the traceback: <c>ValueError: message</c>.</param>
    /// <param name="frame">Its last frame: <c>  File "/srv/app.py", line 12, in f</c>; empty where there was none.</param>
    public string Of(ReadOnlySpan<byte> exception, ReadOnlySpan<byte> frame)
    {
        var colon = exception.IndexOf((byte)':');
        var type = Text(colon < 0 ? exception : exception[..colon]).Trim();
        var place = Text(frame).Trim();
        if (!place.StartsWith(File, StringComparison.Ordinal)
            || place.IndexOf("\", line ", StringComparison.Ordinal) is not (> 0 and var end))
            return type;
        var path = InRelease(place[File.Length..end]);
        var function = place.IndexOf(", in ", end, StringComparison.Ordinal) is >= 0 and var at ? $", {place[(at + 5)..]}" : "";
        return $"{type} in {path}{function}";
    }

    /// <param name="type">The exception's.</param>
    /// <param name="place">As relog tells it: <c>/srv/app.py:12 in f</c>; null where there was none.</param>
    public string Of(string type, string? place)
    {
        if (place is null)
            return type;
        var at = place.IndexOf(" in ", StringComparison.Ordinal);
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

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, Longest)]);
}
