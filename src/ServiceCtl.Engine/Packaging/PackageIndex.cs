using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;

namespace ServiceCtl.Engine.Packaging;

/// <summary>
/// A folder that pip takes for an index: <c>simple/NAME/FILE</c>, and a page for each name with the hashes of its files. Any server of
/// files serves it, or nobody: pip reads <c>file://</c>, too. https://packaging.python.org/en/latest/specifications/simple-repository-api/
/// </summary>
internal sealed partial class PackageIndex(string folder)
{
    private const string Page = "index.html";
    private const int Longest = 64 << 20;

    private string Simple => Path.Combine(folder, "simple");

    /// <summary>What pip is given.</summary>
    public string Address => new Uri(Simple + "/").AbsoluteUri;

    /// <param name="packages">Files that were checked.</param>
    /// <param name="isPlan">Only look.</param>
    /// <param name="cancellation">Gives up waiting for another publication.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.FileExists"/>: that version is there, and not the same;
    /// <see cref="ErrorCode.System"/>.</exception>
    public async Task<IReadOnlyList<PyServicePublication>> AddAsync(
        IReadOnlyList<PyServicePackage> packages, bool isPlan, CancellationToken cancellation)
    {
        try
        {
            if (isPlan)
                return [.. packages.Select(package => Describe(package, isDone: false))];
            NamedFile.MakeFolder(Simple);
            using var mine = await LockFile.AcquireAsync(Path.Combine(folder, ".lock"), cancellation);
            IReadOnlyList<PyServicePublication> all = [.. packages.Select(package => Describe(package, isDone: true))];
            foreach (var (package, publication) in packages.Zip(all).Where(pair => pair.Second.IsNew))
            {
                var place = PlaceOf(package);
                NamedFile.MakeFolder(place);
                PackageFiles.Put(package, Path.Combine(place, publication.File));
            }

            foreach (var group in packages.GroupBy(package => PackageName.Normalize(package.Name)))
                WritePage(group.Key, [.. group]);
            WriteRoot();
            return all;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ServiceCtlException(ErrorCode.System, folder, $"The index in {folder} can't be written: {error.Message}",
                "Check the folder, its permissions, and the space on the disk.", error);
        }
    }

    private PyServicePublication Describe(PyServicePackage package, bool isDone)
    {
        var file = Path.GetFileName(package.Path);
        var path = Path.Combine(PlaceOf(package), file);
        var isThere = File.Exists(path);
        if (isThere && PackageReader.Read(path) is var there && there.Sha256 != package.Sha256)
        {
            throw new ServiceCtlException(ErrorCode.FileExists, path,
                $"{folder} has {file} already, and it is another one: what has been published never changes.",
                "Raise the version ('servicectl bump'), build it, and publish that.");
        }

        return new PyServicePublication
        {
            Name = package.Name,
            Version = package.Version,
            File = file,
            Destination = folder,
            Index = Address,
            Sha256 = package.Sha256,
            IsNew = !isThere,
            IsDone = isDone,
        };
    }

    private string PlaceOf(PyServicePackage package) => Path.Combine(Simple, PackageName.Normalize(package.Name));

    /// <summary>
    /// What is known of a file stays as it was written when it was published, so that one that was changed since does not get a hash that
    /// fits.
    /// </summary>
    private void WritePage(string name, IReadOnlyList<PyServicePackage> added)
    {
        var place = Path.Combine(Simple, name);
        var page = Path.Combine(place, Page);
        Dictionary<string, string> links = [];
        if (File.Exists(page))
        {
            foreach (Match match in Link().Matches(Encoding.UTF8.GetString(UserFiles.ReadAll(user: null, page, Longest))))
                links[WebUtility.HtmlDecode(match.Groups["file"].Value)] = match.Value;
        }

        foreach (var package in added)
            links[Path.GetFileName(package.Path)] = LinkOf(package);
        foreach (var path in PackageFiles.In(place).Where(path => !links.ContainsKey(Path.GetFileName(path))))
            links[Path.GetFileName(path)] = LinkOf(PackageReader.Read(path));
        Write(page, name, links.Where(link => File.Exists(Path.Combine(place, link.Key))).OrderBy(link => link.Key, StringComparer.Ordinal)
            .Select(link => link.Value));
    }

    private void WriteRoot() => Write(Path.Combine(Simple, Page), "Packages",
        Directory.GetDirectories(Simple).Where(place => File.Exists(Path.Combine(place, Page))).Select(Path.GetFileName)
            .Order(StringComparer.Ordinal).Select(name => $"<a href=\"{name}/\">{name}</a>"));

    private static void Write(string path, string title, IEnumerable<string> links)
    {
        var text = new StringBuilder("<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n")
            .Append("<meta name=\"pypi:repository-version\" content=\"1.0\">\n<title>").Append(WebUtility.HtmlEncode(title))
            .Append("</title>\n</head>\n<body>\n");
        foreach (var link in links)
            text.Append(link).Append("<br>\n");
        text.Append("</body>\n</html>\n");
        NamedFile.Replace(path, Encoding.UTF8.GetBytes(text.ToString()), FileModes.Readable);
    }

    private static string LinkOf(PyServicePackage package)
    {
        var file = WebUtility.HtmlEncode(Path.GetFileName(package.Path));
        var python = package.RequiresPython is { Length: > 0 } wanted
            ? $" data-requires-python=\"{WebUtility.HtmlEncode(wanted)}\"" : "";
        return $"<a href=\"{file}#sha256={package.Sha256}\"{python}>{file}</a>";
    }

    [GeneratedRegex("<a href=\"(?<file>[^\"#]+)#sha256=[0-9a-f]{64}\"[^>]*>[^<]*</a>", RegexOptions.ExplicitCapture)]
    private static partial Regex Link();
}
