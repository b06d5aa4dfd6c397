using System.Diagnostics;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Containers;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Images;

/// <summary>Has the image of a service built by <c>docker build</c> or <c>podman build</c>.</summary>
internal static class ImageBuilder
{
    /// <summary>What the image of a service is called.</summary>
    public static ImageName NameOf(ServiceDefinition definition) =>
        definition.Container?.Image is { } image && ImageName.TryParse(image) is { } named
            ? named : new ImageName(ImageName.ToRepository(definition.Name), Tag: null);

    /// <param name="definition">The service.</param>
    /// <param name="request">How.</param>
    /// <param name="told">Hears each line of the tool.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="cancellation">Ends it; images that were there stay.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ImageFailed"/>, with the tool's lines;
    /// <see cref="ErrorCode.RunnerMissing"/>; <see cref="ErrorCode.InvalidArgument"/>.</exception>
    public static async Task<PyServiceImageBuild> BuildAsync(
        ServiceDefinition definition, ImageBuildRequest request, Action<string>? told, IProgress<OperationProgress>? progress,
        CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        var tool = ContainerTools.Find(request.Engine ?? definition.Container?.Engine);
        var folder = definition.Container?.Build ?? definition.Folder;
        RequireDockerfile(definition, folder, request);
        if (request.Secrets.Count > 0)
            await RequireSecretsAsync(tool, request, cancellation);
        var revision = await ImageRevision.OfAsync(folder, cancellation);
        var names = NamesOf(NameOf(definition), revision, request.Tag);
        var place = Directory.CreateTempSubdirectory("servicectl-image-");
        try
        {
            var idFile = Path.Combine(place.FullName, "id");
            var steps = new BuildSteps();
            var run = await tool.RunAsync(folder, line =>
            {
                if (steps.Take(line) is { } percent)
                    progress?.Report(new OperationProgress(definition.Name, line, percent));
                told?.Invoke(line);
            }, cancellation, Arguments(definition.Name, folder, names, revision, request, idFile));
            if (run.Code != 0)
                throw tool.Failed(ErrorCode.ImageFailed, $"The image of {definition.Name} was not built", run);
            var id = System.Text.Encoding.UTF8.GetString(UserFiles.ReadAll(user: null, idFile, 1 << 10)).Trim();
            var built = (await ImageStore.InspectAsync(tool, [id], cancellation))[0];
            return new PyServiceImageBuild
            {
                Service = definition.Name,
                Image = names[0],
                Names = names,
                Id = built.Id,
                Commit = revision.Commit,
                IsDirty = revision.IsDirty,
                Version = revision.Version,
                Size = built.Size,
                Steps = steps.Count,
                CachedSteps = steps.Cached,
                Duration = Stopwatch.GetElapsedTime(began),
                Engine = tool.Name,
            };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ServiceCtlException(ErrorCode.System, definition.Name, $"The image can't be built: {error.Message}",
                "Check the folder for temporary files, and the space on the disk.", error);
        }
        finally
        {
            FolderTree.Delete(null, place.FullName);
        }
    }

    /// <summary>The tag that was asked for alone; else that of the revision, and the one that the configuration names.</summary>
    internal static IReadOnlyList<string> NamesOf(ImageName name, ImageRevision revision, string? tag)
    {
        if (tag is null)
            return [.. ((string[])[$"{name.Repository}:{revision.Tag}", name.Full]).Distinct(StringComparer.Ordinal)];
        return ImageName.TryParse($"{name.Repository}:{tag}") is { } wanted ? [wanted.Full] : throw new ServiceCtlException(
            ErrorCode.InvalidArgument, tag, $"'{VisibleText.Line(tag)}' can't be a tag.",
            "A tag has letters, digits, and after the first also dots and dashes; 128 at most.");
    }

    internal static IReadOnlyList<string> Arguments(
        string service, string folder, IReadOnlyList<string> names, ImageRevision revision, ImageBuildRequest request, string idFile) =>
    [
        "build", .. names.SelectMany(name => (string[])["--tag", name]), .. Labels(service, revision), "--iidfile", idFile,
        .. request.File is { } file ? (string[])["--file", Path.GetFullPath(file, folder)] : [],
        .. request.Target is { } target ? (string[])["--target", target] : [],
        .. request.NoCache ? (string[])["--no-cache"] : [],
        .. request.Pull ? (string[])["--pull"] : [],
        .. request.Network is { } network ? (string[])["--network", network] : [],
        .. request.BuildArguments.OrderBy(each => each.Key, StringComparer.Ordinal)
            .SelectMany(each => (string[])["--build-arg", $"{each.Key}={each.Value}"]),
        .. request.Secrets.OrderBy(each => each.Key, StringComparer.Ordinal)
            .SelectMany(each => (string[])["--secret", $"id={each.Key},src={Path.GetFullPath(each.Value, folder)}"]),
        folder,
    ];

    private static IEnumerable<string> Labels(string service, ImageRevision revision)
    {
        yield return "--label";
        yield return $"{ImageLabels.Service}={service}";
        if (revision.Commit is { } commit)
        {
            yield return "--label";
            yield return $"{ImageLabels.Commit}={commit}{(revision.IsDirty ? "-dirty" : "")}";
        }

        if (revision.Version is { } version)
        {
            yield return "--label";
            yield return $"{ImageLabels.Version}={version}";
        }
    }

    private static void RequireDockerfile(ServiceDefinition definition, string folder, ImageBuildRequest request)
    {
        string[] places = request.File is { } file ? [Path.GetFullPath(file, folder)]
            : [Path.Combine(folder, ImageFiles.Dockerfile), Path.Combine(folder, "Containerfile")];
        if (!places.Any(File.Exists))
        {
            throw new ServiceCtlException(ErrorCode.ConfigNotFound, definition.Name, $"There is no {places[0]}.",
                request.File is null ? "Write it, or have 'servicectl image files' write it from the configuration." : "Correct '--file'.");
        }
    }

    /// <summary>docker's old builder has no secrets; of the new one (BuildKit), buildx may be missing.</summary>
    private static async Task RequireSecretsAsync(ContainerTool tool, ImageBuildRequest request, CancellationToken cancellation)
    {
        foreach (var (id, file) in request.Secrets)
        {
            if (!File.Exists(file))
                throw new ServiceCtlException(ErrorCode.InvalidArgument, file, $"There is no file {file}, the secret '{id}'.",
                    "Correct '--secret'.");
            if (id.Contains(',') || id.Contains('=') || file.Contains(','))
                throw new ServiceCtlException(ErrorCode.InvalidArgument, id, "The id or the file of a secret holds a comma.", "Rename it.");
        }

        List<string> help = [];
        await tool.RunAsync("/", line =>
        {
            lock (help)
                help.Add(line);
        }, cancellation, "build", "--help");
        if (!help.Exists(line => line.Contains("--secret", StringComparison.Ordinal)))
        {
            throw new ServiceCtlException(ErrorCode.RunnerMissing, tool.Name,
                $"This {tool.Name} builds without BuildKit, so steps can get no secrets. Nothing was built.",
                "Install its plugin ('apt install docker-buildx'), or build with podman ('--engine podman').");
        }
    }
}
