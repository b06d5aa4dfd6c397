using ServiceCtl.Contracts;
using ServiceCtl.Engine.Environments;
using ServiceCtl.Engine.Files;

namespace ServiceCtl.Engine.Packaging;

/// <summary>The packages of a project: built, checked, and put where they belong.</summary>
internal static class ProjectPackages
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <param name="request">What is built.</param>
    /// <param name="told">Hears each line of the tool.</param>
    /// <param name="cancellation">Ends it; what was there stays.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.PackageFailed"/>; <see cref="ErrorCode.RunnerMissing"/>;
    /// <see cref="ErrorCode.ConfigNotFound"/>: there is no project.</exception>
    public static async Task<IReadOnlyList<PyServicePackage>> BuildAsync(
        PackageRequest request, Action<string>? told, CancellationToken cancellation)
    {
        var isClassic = File.Exists(Path.Combine(request.Folder, "setup.py"));
        var project = isClassic && !File.Exists(ProjectFile.PathIn(request.Folder)) ? null
            : ProjectFileOrNull(request.Folder, cancellation);
        var place = Directory.CreateTempSubdirectory("servicectl-package-");
        try
        {
            var builder = new PackageBuilder(request.Folder,
                request.Python.Contains('/') ? Path.GetFullPath(request.Python, request.Folder) : request.Python, null, told)
            {
                IsIsolated = request.IsIsolated,
                Epoch = await TimeAsync(request.Folder, cancellation),
            };
            var kinds = request.Kind switch
            {
                PackageKind.Wheel => PackageKinds.Wheel,
                PackageKind.Sdist => PackageKinds.Sdist,
                _ => PackageKinds.Both,
            };
            var built = await builder.BuildAsync(kinds, place.FullName, cancellation);
            List<PyServicePackage> packages = [.. built.Select(PackageReader.Read)];
            foreach (var package in packages)
                Require(package, project);
            var warnings = await TwineAsync(built, cancellation);
            NamedFile.MakeFolder(request.Output);
            return [.. packages.Select(package =>
            {
                var path = Path.Combine(request.Output, Path.GetFileName(package.Path));
                PackageFiles.Put(package, path);
                return package with { Path = path, Warnings = [.. package.Warnings, .. warnings] };
            })];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ServiceCtlException(ErrorCode.System, request.Output, $"The packages can't be written: {error.Message}",
                "Check the folder, its permissions, and the space on the disk.", error);
        }
        finally
        {
            FolderTree.Delete(null, place.FullName);
        }
    }

    /// <summary>The packages of the version that a project has, in its <c>dist</c>.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: there are none.</exception>
    public static IReadOnlyList<string> Built(string folder, CancellationToken cancellation)
    {
        var project = ProjectFile.Read(folder, cancellation);
        var dist = Path.Combine(folder, "dist");
        var files = Directory.Exists(dist) ? PackageFiles.In(dist) : [];
        IReadOnlyList<string> own = [.. files.Where(path => PackageReader.Read(path) is var package
            && PackageName.Normalize(package.Name) == PackageName.Normalize(project.Name)
            && (project.FoundVersion is null || package.Version == project.FoundVersion))];
        return own.Count > 0 ? own : throw new ServiceCtlException(ErrorCode.InvalidArgument, dist,
            $"{dist} has no package of {project.Name}{(project.FoundVersion is { } version ? $" {version}" : "")}.",
            "Build it ('servicectl package'), or name the files.");
    }

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: one is of a version that no index takes.</exception>
    public static async Task<IReadOnlyList<PyServicePublication>> PublishAsync(
        IReadOnlyList<string> files, string destination, bool isPlan, Action<string>? told, CancellationToken cancellation)
    {
        IReadOnlyList<PyServicePackage> packages = [.. files.Select(PackageReader.Read)];
        if (packages.FirstOrDefault(package => package.Version.Contains('+')) is { } local)
            throw new ServiceCtlException(ErrorCode.InvalidArgument, local.Path,
                $"{local.Version} is a version of a commit, which belongs into no index.", "Publish a release ('servicectl bump').");
        return Uri.TryCreate(destination, UriKind.Absolute, out var address) && !address.IsFile
            ? address.Scheme is "http" or "https" ? await new PackageUpload(address, told).AddAsync(packages, isPlan, cancellation)
                : throw new ServiceCtlException(ErrorCode.InvalidArgument, address.Scheme, $"Nothing is published by {address.Scheme}.",
                    "Name a folder, or an address that begins with https.")
            : await new PackageIndex(address?.LocalPath ?? Path.GetFullPath(destination)).AddAsync(packages, isPlan, cancellation);
    }

    /// <summary>Of the commit that is checked out.</summary>
    private static async Task<string?> TimeAsync(string folder, CancellationToken cancellation)
    {
        var git = new ProjectGit(folder);
        return await git.IsThereAsync(cancellation) ? await git.TryAsync(cancellation, "log", "-1", "--format=%ct") : null;
    }

    private static ProjectFile? ProjectFileOrNull(string folder, CancellationToken cancellation)
    {
        try
        {
            return ProjectFile.Read(folder, cancellation);
        }
        catch (ServiceCtlException error) when (error.Code == ErrorCode.ConfigInvalid && File.Exists(Path.Combine(folder, "setup.py")))
        {
            // pyproject.toml may say only what builds it.
            return null;
        }
    }

    private static void Require(PyServicePackage package, ProjectFile? project)
    {
        if (project is null || (PackageName.Normalize(package.Name) == PackageName.Normalize(project.Name)
            && (project.FoundVersion is not { } version || package.Version == version)))
            return;
        throw new ServiceCtlException(ErrorCode.PackageFailed, project.Path,
            $"What was built is {package.Name} {package.Version}, and pyproject.toml says {project.Name} {project.FoundVersion}.",
            "Write the version as PEP 440 has it, and in one place only.");
    }

    /// <summary>What twine finds, where it is there: faults of a description are warnings here, and a refusal at an index.</summary>
    private static async Task<IReadOnlyList<string>> TwineAsync(IReadOnlyList<string> files, CancellationToken cancellation)
    {
        try
        {
            var run = await ToolRun.RunAsync("twine", ["--no-color", "check", "--", .. files], new Dictionary<string, string>(), "/", null,
                null, Limit, cancellation);
            return run.Code == 0 ? []
                : [.. run.Lines.Select(line => line.Trim()).Where(line => line.Length > 0).Select(line => $"twine: {line}")];
        }
        catch (ServiceCtlException error) when (error.Code == ErrorCode.RunnerMissing)
        {
            return [];
        }
    }
}
