namespace ServiceCtl.Engine.Configuration.Schema.Types;

/// <summary>Paths as people write them: absolute, relative to the file that holds them, or from the home folder (<c>~</c>).</summary>
public static class PathText
{
    /// <param name="text">What was written.</param>
    /// <param name="folder">Absolute; where a relative path starts.</param>
    /// <param name="path">Absolute, without <c>.</c>, <c>..</c> and a slash at its end.</param>
    /// <returns>Null when it went well; else why not.</returns>
    public static string? Resolve(string text, string folder, out string path)
    {
        path = "";
        if (text.Length == 0)
            return "It is empty.";
        if (text.AsSpan().IndexOfAny('\n', '\r', '\0') >= 0)
            return "It holds a line break.";
        if (text is ['~', not '/', ..])
            return "The home folder of another user can't be named with `~`.";

        var expanded = text[0] == '~' ? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + text[1..] : text;
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(expanded, folder));
        return null;
    }
}
