namespace ServiceCtl.Client.Hosts;

/// <summary>Names of hosts to complete: those that ssh_config has blocks for, and those whose keys are known.</summary>
public static class KnownHosts
{
    private const int LongestFile = 1 << 20;

    private static string ForEverybody => OperatingSystem.IsWindows()
        ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "ssh", "ssh_config")
        : "/etc/ssh/ssh_config";

    /// <summary>What can't be read has no names: nobody wants an error at the Tab key.</summary>
    public static IReadOnlyList<string> Names()
    {
        var folder = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".ssh");
        return
        [
            .. OfConfig(ReadLines(Path.Combine(folder, "config"))).Concat(OfConfig(ReadLines(ForEverybody)))
                .Concat(OfKeys(ReadLines(Path.Combine(folder, "known_hosts"))))
                .Where(name => HostAddress.TryParse(name) is not null).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Patterns are no names.</summary>
    internal static IEnumerable<string> OfConfig(IEnumerable<string> lines) =>
        from line in lines
        let words = line.Split([' ', '\t', '='], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        where words.Length > 1 && words[0].Equals("Host", StringComparison.OrdinalIgnoreCase)
        from name in words.Skip(1)
        where !name.AsSpan().ContainsAny('*', '?', '!')
        select name.Trim('"');

    /// <summary>Hashed names can't be shown.</summary>
    internal static IEnumerable<string> OfKeys(IEnumerable<string> lines) =>
        from line in lines
        where line.Length > 0 && line[0] is not ('#' or '|' or '@' or ' ')
        from name in line.Split(' ')[0].Split(',', StringSplitOptions.RemoveEmptyEntries)
        select WithoutBrackets(name);

    /// <summary>A host at a port of its own is written in brackets.</summary>
    private static string WithoutBrackets(string name) =>
        name[0] == '[' && name.IndexOf("]:", StringComparison.Ordinal) is var end and > 0 && !name[..end].Contains(':')
            ? name[1..end] + name[(end + 1)..] : name;

    private static string[] ReadLines(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: < LongestFile } ? File.ReadAllLines(path) : [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
