using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Packaging;

/// <summary>
/// Reads a wheel or an sdist, and checks what pip would trip over: names, metadata, and the list of files with their hashes.
/// https://packaging.python.org/en/latest/specifications/binary-distribution-format/
/// </summary>
internal sealed class PackageReader
{
    private const int LongestText = 4 << 20;

    private readonly List<string> _faults = [];
    private readonly List<string> _warnings = [];

    private PackageReader()
    {
    }

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.PackageFailed"/>, with all that is wrong with it.</exception>
    public static PyServicePackage Read(string path)
    {
        var reader = new PackageReader();
        var name = Path.GetFileName(path);
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            var hash = Convert.ToHexStringLower(SHA256.HashData(file));
            // The readers below close it.
            var size = file.Length;
            file.Position = 0;
            var package = PackageFiles.IsWheel(name) ? reader.Wheel(PackageFiles.StemOf(name)!, file)
                : PackageFiles.IsSdist(name) ? reader.Sdist(PackageFiles.StemOf(name)!, file)
                : throw Failed(path, ["It is no package: its name ends neither with .whl nor with .tar.gz."]);
            return reader._faults.Count == 0
                ? package with { Path = path, Size = size, Sha256 = hash, Warnings = [.. reader._warnings] }
                : throw Failed(path, reader._faults);
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw Failed(path, [$"It can't be read: {error.Message}"]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ServiceCtlException(ErrorCode.InvalidArgument, path,
                error is FileNotFoundException or DirectoryNotFoundException ? $"There is no {path}."
                    : $"{path} can't be read: {error.Message}",
                "Name a wheel or an sdist ('servicectl package' builds them).", error);
        }
    }

    private PyServicePackage Wheel(string stem, Stream file)
    {
        using var zip = new ZipArchive(file, ZipArchiveMode.Read);
        var parts = stem.Split('-');
        if (parts.Length is not (5 or 6))
            _faults.Add("Its name is not NAME-VERSION-PYTHON-ABI-PLATFORM.whl.");
        foreach (var entry in zip.Entries.Where(entry => !IsInside(entry.FullName)))
            _faults.Add($"{entry.FullName} leads out of the package.");
        var metadata = Only(zip, "METADATA");
        var headers = Headers(metadata);
        var record = Only(zip, "RECORD");
        if (record is not null)
            CheckRecord(zip, record);
        var wheel = Headers(Only(zip, "WHEEL"));
        string[] files = [.. zip.Entries.Select(entry => entry.FullName)
            .Where(entry => !entry.Contains(".dist-info/", StringComparison.Ordinal))];
        if (files.Length == 0)
            _warnings.Add("It holds no code.");
        if (files.FirstOrDefault(entry => entry.EndsWith(".pyc", StringComparison.Ordinal)) is { } compiled)
            _warnings.Add($"It holds compiled files, such as {compiled}.");
        return Package(headers, parts.Length > 1 ? parts[0] : "", parts.Length > 1 ? parts[1] : "", PackageKind.Wheel) with
        {
            Tags = [.. wheel.Where(header => header.Name == "Tag").Select(header => header.Value)],
        };
    }

    private PyServicePackage Sdist(string stem, Stream file)
    {
        using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        using var tar = new TarReader(unzipped);
        var dash = stem.LastIndexOf('-');
        if (dash <= 0)
            _faults.Add("Its name is not NAME-VERSION.tar.gz.");
        IReadOnlyList<(string, string)>? headers = null;
        var isBuilt = false;
        while (tar.GetNextEntry() is { } entry)
        {
            if (!IsInside(entry.Name) || entry.Name.TrimEnd('/').Split('/')[0] != stem)
                _faults.Add($"{entry.Name} is not below {stem}/.");
            if (entry.Name == $"{stem}/PKG-INFO" && entry.DataStream is { } stream)
                headers = Headers(TextOf(stream, entry.Length));
            isBuilt |= entry.Name == $"{stem}/pyproject.toml" || entry.Name == $"{stem}/setup.py";
        }

        if (!isBuilt)
            _faults.Add("It has neither pyproject.toml nor setup.py, and nobody could build it.");
        if (headers is null)
            _faults.Add("It has no PKG-INFO.");
        return Package(headers ?? [], dash > 0 ? stem[..dash] : "", dash > 0 ? stem[(dash + 1)..] : "", PackageKind.Sdist);
    }

    private PyServicePackage Package(IReadOnlyList<(string Name, string Value)> headers, string name, string version, PackageKind kind)
    {
        string? Header(string wanted) => headers.FirstOrDefault(
            header => header.Name.Equals(wanted, StringComparison.OrdinalIgnoreCase)).Value;
        foreach (var required in (string[])["Metadata-Version", "Name", "Version"])
        {
            if (headers.Count > 0 && Header(required) is null or "")
                _faults.Add($"Its metadata has no {required}.");
        }

        string own = Header("Name") ?? name, ownVersion = Header("Version") ?? version;
        if (!PackageName.IsOne(own))
            _faults.Add($"'{own}' is no name of a package.");
        if (PackageName.Normalize(own) != PackageName.Normalize(name))
            _faults.Add($"Its metadata calls it {own}, its file {name}.");
        // A wheel's name has '_' for '-', which a version can't have otherwise.
        if (ownVersion.Replace('-', '_') != version.Replace('-', '_'))
            _faults.Add($"Its metadata has version {ownVersion}, its file {version}.");
        if (Header("Summary") is null or "" or "UNKNOWN")
            _warnings.Add("It has no description.");
        return new PyServicePackage
        {
            Name = own,
            Version = ownVersion,
            Kind = kind,
            Path = "",
            Size = 0,
            Sha256 = "",
            RequiresPython = Header("Requires-Python"),
        };
    }

    private void CheckRecord(ZipArchive zip, string record)
    {
        Dictionary<string, string> listed = [];
        foreach (var line in record.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            // The name may hold commas, and is in quotes then.
            var size = line.LastIndexOf(',');
            var hash = size > 0 ? line.LastIndexOf(',', size - 1) : -1;
            if (hash > 0)
                listed[line[..hash].Trim('"').Replace("\"\"", "\"", StringComparison.Ordinal)] = line[(hash + 1)..size];
        }

        foreach (var entry in zip.Entries.Where(entry => !entry.FullName.EndsWith('/')))
        {
            if (!listed.Remove(entry.FullName, out var hash))
            {
                if (!entry.FullName.EndsWith("RECORD.jws", StringComparison.Ordinal))
                    _faults.Add($"{entry.FullName} is not in RECORD.");
                continue;
            }

            if (!hash.StartsWith("sha256=", StringComparison.Ordinal))
                continue;
            using var content = entry.Open();
            var real = Convert.ToBase64String(SHA256.HashData(content)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
            if (real != hash["sha256=".Length..])
                _faults.Add($"{entry.FullName} is not what RECORD says.");
        }

        _faults.AddRange(listed.Keys.Select(missing => $"{missing} is in RECORD, and not in the wheel."));
    }

    private string? Only(ZipArchive zip, string name)
    {
        var found = zip.Entries.Where(entry => entry.FullName.EndsWith($".dist-info/{name}", StringComparison.Ordinal)
            && entry.FullName.Count(letter => letter == '/') == 1).ToList();
        if (found.Count != 1)
        {
            _faults.Add($"It has {(found.Count == 0 ? "no" : "several")} {name}.");
            return null;
        }

        using var content = found[0].Open();
        return TextOf(content, found[0].Length);
    }

    private static string TextOf(Stream stream, long length)
    {
        if (length > LongestText)
            throw new InvalidDataException("its metadata is too long");
        var bytes = new byte[length];
        stream.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>As of mails: up to the first empty line, what is indented going on with the line before.</summary>
    private static List<(string Name, string Value)> Headers(string? text)
    {
        List<(string Name, string Value)> headers = [];
        foreach (var line in (text ?? "").ReplaceLineEndings("\n").Split('\n').TakeWhile(line => line.Length > 0))
        {
            if (line[0] is not (' ' or '\t') && line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
                headers.Add((line[..colon], line[(colon + 1)..].Trim()));
        }

        return headers;
    }

    private static bool IsInside(string name) =>
        name.Length > 0 && name[0] != '/' && !name.Contains('\\') && !name.Split('/').Contains("..");

    private static ServiceCtlException Failed(string path, IReadOnlyList<string> faults) => new(new ErrorReport
    {
        Code = ErrorCode.PackageFailed,
        Target = path,
        Message = $"{Path.GetFileName(path)} is no sound package.",
        Advice = "Build it again ('servicectl package').",
        LogLines = [.. faults.Take(20)],
    });
}
