using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Containers;

namespace ServiceCtl.Engine.Images;

/// <summary>The images that an engine has.</summary>
internal static class ImageStore
{
    /// <summary>The images of services, the newest first.</summary>
    /// <param name="tool">Of which engine.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.System"/>; <see cref="ErrorCode.RunnerMissing"/>.</exception>
    public static async Task<IReadOnlyList<PyServiceImage>> ListAsync(ContainerTool tool, CancellationToken cancellation)
    {
        var ids = await tool.AskAsync("The images can't be listed", cancellation,
            "images", "--quiet", "--no-trunc", "--filter", $"label={ImageLabels.Service}");
        string[] found = [.. ids.Select(line => line.Trim()).Where(IsId).Distinct(StringComparer.Ordinal)];
        return found.Length == 0 ? [] : [.. (await InspectAsync(tool, found, cancellation)).OrderByDescending(image => image.CreatedAt)];
    }

    /// <summary>What the engine says of images.</summary>
    /// <param name="tool">Of which engine.</param>
    /// <param name="images">Names or ids.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: one is not there.</exception>
    public static async Task<IReadOnlyList<PyServiceImage>> InspectAsync(
        ContainerTool tool, IReadOnlyList<string> images, CancellationToken cancellation)
    {
        var lines = await tool.AskAsync("The engine says nothing of the image", cancellation,
            ["image", "inspect", "--format", "{{json .}}", "--", .. images]);
        return [.. lines.Where(line => line.StartsWith('{')).Select(line => Read(line, tool.Name))];
    }

    /// <summary>An image by a name of its own: without a tag, the latest.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: there is none.</exception>
    public static async Task<PyServiceImage> FindAsync(ContainerTool tool, string name, CancellationToken cancellation)
    {
        try
        {
            return (await InspectAsync(tool, [IsId(name) ? name : ImageName.Parse(name).Full], cancellation))[0];
        }
        catch (ServiceCtlException error) when (error.Code == ErrorCode.System && error.Report.LogLines.Any(line =>
            line.Contains("No such image", StringComparison.OrdinalIgnoreCase)
                || line.Contains("image not known", StringComparison.Ordinal)))
        {
            throw new ServiceCtlException(ErrorCode.InvalidArgument, name, $"{tool.Name} has no image {VisibleText.Line(name)}.",
                "Build it with 'servicectl image build'; 'servicectl images' lists those of services.", error);
        }
    }

    /// <summary>Puts an image into a registry, with every tag of its repository.</summary>
    /// <param name="tool">Of which engine. Who pushes, it finds out as ever.</param>
    /// <param name="name">Of the image. Without a tag, all tags of its latest one.</param>
    /// <param name="registry">Where it goes, before its name; null where its name says it.</param>
    /// <param name="isPlan">Only show what would be pushed.</param>
    /// <param name="told">Hears each line of the tool.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ImageFailed"/>, with the tool's lines;
    /// <see cref="ErrorCode.InvalidArgument"/>.</exception>
    public static async Task<IReadOnlyList<PyServiceImagePush>> PushAsync(
        ContainerTool tool, string name, string? registry, bool isPlan, Action<string>? told, CancellationToken cancellation)
    {
        var wanted = ImageName.Parse(name);
        var image = await FindAsync(tool, name, cancellation);
        string[] tags = wanted.Tag is { } tag ? [tag]
            : [.. image.Names.Select(ImageName.TryParse).OfType<ImageName>().Where(one => Same(one.Repository, wanted.Repository))
                .Select(one => one.Tag ?? ImageName.Latest)];
        // What podman has built is called localhost/NAME, which is no registry.
        var repository = wanted.Repository.StartsWith("localhost/", StringComparison.Ordinal)
            ? wanted.Repository["localhost/".Length..] : wanted.Repository;
        var target = registry is null ? repository : $"{registry.TrimEnd('/')}/{repository}";
        if (!ImageName.Parse(target).HasRegistry)
        {
            throw new ServiceCtlException(ErrorCode.InvalidArgument, name, $"The name {target} says no registry, so nothing was pushed.",
                "Name one: '--registry registry.example.org'.");
        }

        List<PyServiceImagePush> pushed = [];
        foreach (var each in tags)
        {
            var began = Stopwatch.GetTimestamp();
            var full = $"{target}:{each}";
            var digest = isPlan ? null : await PushAsync(tool, image, full, told, cancellation);
            pushed.Add(new PyServiceImagePush
            {
                Image = full,
                Digest = digest,
                Duration = Stopwatch.GetElapsedTime(began),
                Engine = tool.Name,
                IsDone = !isPlan,
            });
        }

        return pushed;
    }

    /// <summary>Writes an image, packed, as <c>load</c> takes it.</summary>
    /// <returns>Bytes.</returns>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ImageFailed"/>.</exception>
    public static async Task<long> SaveAsync(ContainerTool tool, string image, Stream output, CancellationToken cancellation)
    {
        using var process = Process.Start(tool.StartOf("save", image))!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        try
        {
            await using var counted = new CountedStream(output);
            await using (var packed = new GZipStream(counted, CompressionLevel.Fastest, leaveOpen: true))
                await process.StandardOutput.BaseStream.CopyToAsync(packed, 1 << 17, cancellation);
            await process.WaitForExitAsync(cancellation);
            return process.ExitCode == 0 ? counted.Count : throw new ServiceCtlException(new ErrorReport
            {
                Code = ErrorCode.ImageFailed,
                Target = image,
                Message = $"{image} was not copied: {tool.Name} save ended with {process.ExitCode}.",
                Advice = "Its own lines say why.",
                LogLines = [.. (await errors).Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(30)],
            });
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    /// <summary>Reads what <c>image inspect</c> of either engine prints.</summary>
    internal static PyServiceImage Read(string json, string engine)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var labels = InspectJson.Labels(root);
        string[] names = [.. InspectJson.Strings(root, "RepoTags").Where(name => !name.Contains("<none>", StringComparison.Ordinal))];
        var id = InspectJson.Text(root, "Id") ?? "";
        return new PyServiceImage
        {
            Service = labels.GetValueOrDefault(ImageLabels.Service) ?? "",
            Image = names.FirstOrDefault() ?? id,
            Names = names,
            Id = id,
            Commit = labels.GetValueOrDefault(ImageLabels.Commit),
            Version = labels.GetValueOrDefault(ImageLabels.Version),
            CreatedAt = InspectJson.Time(root, "Created"),
            Size = InspectJson.Number(root, "Size") ?? 0,
            Engine = engine,
        };
    }

    private static async Task<string?> PushAsync(
        ContainerTool tool, PyServiceImage image, string full, Action<string>? told, CancellationToken cancellation)
    {
        if (!image.Names.Contains(full))
        {
            var tagged = await tool.RunAsync("/", null, cancellation, "tag", image.Id, full);
            if (tagged.Code != 0)
                throw tool.Failed(ErrorCode.ImageFailed, $"{full} was not pushed", tagged);
        }

        string? digest = null;
        var run = await tool.RunAsync("/", line =>
        {
            if (PushLine.DigestOf(line) is { } found)
                digest = found;
            told?.Invoke(line);
        }, cancellation, "push", full);
        if (run.Code != 0)
            throw tool.Failed(ErrorCode.ImageFailed, $"{full} was not pushed", run);
        // podman does not print it.
        var repository = $"{full[..full.LastIndexOf(':')]}@";
        return digest ?? (await DigestsAsync(tool, full, cancellation))
            .FirstOrDefault(one => one.StartsWith(repository, StringComparison.Ordinal))?[repository.Length..];
    }

    private static async Task<IReadOnlyList<string>> DigestsAsync(ContainerTool tool, string image, CancellationToken cancellation)
    {
        var lines = await tool.AskAsync("The engine says nothing of the image", cancellation,
            "image", "inspect", "--format", "{{json .RepoDigests}}", "--", image);
        using var document = JsonDocument.Parse(lines.FirstOrDefault(line => line.StartsWith('[')) ?? "[]");
        return [.. document.RootElement.EnumerateArray().Select(one => one.GetString()).OfType<string>()];
    }

    private static bool IsId(string text) => text.StartsWith("sha256:", StringComparison.Ordinal)
        || (text.Length == 64 && text.All(char.IsAsciiHexDigitLower));

    /// <summary>podman calls what has no registry localhost/NAME.</summary>
    private static bool Same(string one, string other) => one == other || one == $"localhost/{other}";
}
