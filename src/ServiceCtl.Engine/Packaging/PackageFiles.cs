using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;

namespace ServiceCtl.Engine.Packaging;

/// <summary>Wheels and sdists as files.</summary>
internal static class PackageFiles
{
    private const string Wheels = ".whl", Sdists = ".tar.gz";
    private const int Longest = int.MaxValue - 64;

    /// <summary>Those in a folder, by their names.</summary>
    public static IReadOnlyList<string> In(string folder) =>
        [.. Directory.GetFiles(folder).Where(path => StemOf(path) is not null).Order(StringComparer.Ordinal)];

    public static bool IsWheel(string path) => path.EndsWith(Wheels, StringComparison.Ordinal);

    public static bool IsSdist(string path) => path.EndsWith(Sdists, StringComparison.Ordinal);

    /// <summary>A file's name without its ending; null where it is no package.</summary>
    public static string? StemOf(string path) => IsWheel(path) ? Path.GetFileName(path)[..^Wheels.Length]
        : IsSdist(path) ? Path.GetFileName(path)[..^Sdists.Length] : null;

    /// <summary>Writes a package's file to where everybody may read it.</summary>
    /// <inheritdoc cref="NamedFile.Replace"/>
    public static void Put(PyServicePackage package, string path) =>
        NamedFile.Replace(path, UserFiles.ReadAll(user: null, package.Path, Longest), FileModes.Readable);
}
