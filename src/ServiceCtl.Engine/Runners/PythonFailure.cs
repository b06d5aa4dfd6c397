using System.Globalization;
using System.Text.RegularExpressions;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Runners;

/// <summary>Where and why Python code has failed, by the traceback that it printed.</summary>
/// <param name="File">As Python names it.</param>
/// <param name="Line">From 1.</param>
/// <param name="Cause">The exception with its message.</param>
internal sealed partial record PythonFailure(string File, int Line, string Cause)
{
    /// <summary>The file of the last frame, whose code raised it.</summary>
    public string Raised { get; private init; } = File;

    /// <summary>
    /// Finds the last traceback that goes through the service's own folder, and the last frame there; where there is none, the last frame
    /// of the last traceback. A server may print one of its own after that of the code (gunicorn's HaltServer).
    /// </summary>
    /// <param name="lines">What was printed; other lines may be among them.</param>
    /// <param name="folder">The service's.</param>
    public static PythonFailure? Find(IEnumerable<string> lines, string folder)
    {
        PythonFailure? found = null;
        var isFoundOwn = false;
        (string File, int Line)? last = null;
        (string File, int Line)? own = null;
        foreach (var text in lines)
        {
            if (Frame().Match(text) is { Success: true } frame)
            {
                last = (frame.Groups["file"].Value, int.Parse(frame.Groups["line"].ValueSpan, CultureInfo.InvariantCulture));
                own = IsOwn(last.Value.File, folder) ? last : own;
            }
            else if (last is { } place && text.Length > 0 && !char.IsWhiteSpace(text[0]))
            {
                // The first line that is not indented ends a traceback; a chained one begins again.
                var (file, line) = own ?? place;
                if (own is not null || !isFoundOwn)
                    found = new PythonFailure(file, line, text) { Raised = place.File };
                isFoundOwn |= own is not null;
                last = own = null;
            }
        }

        return found;
    }

    /// <summary>
    /// The lines from the first traceback on, and then what was printed before it: whoever reads an error looks for the traceback.
    /// </summary>
    public static IReadOnlyList<string> TracebackFirst(IReadOnlyList<string> lines)
    {
        var start = 0;
        while (start < lines.Count && !lines[start].EndsWith("Traceback (most recent call last):", StringComparison.Ordinal))
            start++;
        return start == lines.Count ? lines : [.. lines.Skip(start), .. lines.Take(start)];
    }

    /// <summary>The exception without its message.</summary>
    public string Type => Cause.Split(':', 2)[0].Trim();

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{File}, line {Line}: {Cause}");

    /// <summary>
    /// A relative name is one that the server was given, so it is relative to the service's folder. Python knows that without links.
    /// </summary>
    private static bool IsOwn(string file, string folder) => file.StartsWith('/')
        ? !file.Contains("/site-packages/", StringComparison.Ordinal) && FolderIdentity.IsBelow(file, folder)
        : !file.StartsWith('<');

    [GeneratedRegex("""^\s*File "(?<file>[^"]+)", line (?<line>\d{1,9})""")]
    private static partial Regex Frame();
}
