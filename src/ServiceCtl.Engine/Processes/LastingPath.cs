namespace ServiceCtl.Engine.Processes;

/// <summary>
/// By which path a program is named in what outlives it: units, scripts, wrappers. An upgrade changes the folder of a version, not the link
/// in bin.
/// </summary>
internal static class LastingPath
{
    private static readonly string[] Usual = ["/usr/local/bin", "/usr/bin"];

    /// <returns>A link to the program, in the bin of one of the folders it is in or in a usual one; the program itself where there is
    /// none.</returns>
    public static string Of(string program) =>
        BinsOf(program).Concat(Usual).Select(folder => Path.Combine(folder, Path.GetFileName(program)))
            .FirstOrDefault(link => link != program && FolderIdentity.IsSame(link, program)) ?? program;

    private static IEnumerable<string> BinsOf(string program)
    {
        for (var folder = Path.GetDirectoryName(program); folder is not null; folder = Path.GetDirectoryName(folder))
            yield return Path.Combine(folder, "bin");
    }
}
