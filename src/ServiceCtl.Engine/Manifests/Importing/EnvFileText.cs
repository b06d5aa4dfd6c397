namespace ServiceCtl.Engine.Manifests.Importing;

/// <summary>Files of variables as compose reads them: <c>NAME=value</c>, one a line, perhaps in quotes.</summary>
internal static class EnvFileText
{
    public static IEnumerable<(string Name, string Value)> Read(string text)
    {
        foreach (var line in text.Split('\n').Select(line => line.Trim()))
        {
            var bare = line.StartsWith("export ", StringComparison.Ordinal) ? line["export ".Length..].TrimStart() : line;
            var equals = bare.IndexOf('=', StringComparison.Ordinal);
            if (bare.StartsWith('#') || equals <= 0)
                continue;
            yield return (bare[..equals].TrimEnd(), ValueOf(bare[(equals + 1)..].TrimStart()));
        }
    }

    private static string ValueOf(string written)
    {
        if (written.Length >= 2 && written[0] is ('\'' or '"') && written[^1] == written[0])
            return written[1..^1];
        var comment = written.IndexOf(" #", StringComparison.Ordinal);
        return comment < 0 ? written : written[..comment].TrimEnd();
    }
}
