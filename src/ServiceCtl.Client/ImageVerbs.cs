using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.Json.Serialization.Metadata;
using ServiceCtl.Client.Api;
using ServiceCtl.Client.Hosts;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Images;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Client;

/// <summary>Images of services. They ask no agent, and have the rights of whoever calls them.</summary>
public sealed class ImageVerbs
{
    private readonly AgentConnection _agent;
    private readonly CatalogVerbs _catalog;

    internal ImageVerbs(AgentConnection agent, CatalogVerbs catalog)
    {
        _agent = agent;
        _catalog = catalog;
    }

    /// <summary>Writes Dockerfile, .dockerignore and compose.yaml from a service's configuration, where they are missing.</summary>
    /// <param name="source">The service.</param>
    /// <param name="isPlan">Only show what would be written.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Each file, also those that were there and stay as they are.</returns>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigInvalid"/>, <see cref="ErrorCode.ConfigNotFound"/>,
    /// <see cref="ErrorCode.ServiceNotFound"/>, <see cref="ErrorCode.System"/>.</exception>
    public async Task<IReadOnlyList<PyServiceImageFile>> MakeFilesAsync(ImageSource source, bool isPlan, CancellationToken cancellation)
    {
        if (_agent.Host is { } host)
            return await AskThereAsync(host, ["image", "files", "--json", .. HostCommand.Flag("--what-if", isPlan)], source,
                AgentJson.Default.IReadOnlyListPyServiceImageFile, cancellation);
        return LocalHost.HasServices ? ImageFiles.Make(await ReadAsync(source, cancellation), isPlan) : throw LocalHost.Unsupported();
    }

    /// <summary>Has the image of a service built by <c>docker build</c> or <c>podman build</c>.</summary>
    /// <param name="source">The service.</param>
    /// <param name="request">How.</param>
    /// <param name="told">Hears each line of the tool, where it is on this host.</param>
    /// <param name="progress">Hears how far it is, where it is on this host.</param>
    /// <param name="cancellation">Ends it; images that were there stay.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ImageFailed"/>, with the tool's lines;
    /// <see cref="ErrorCode.RunnerMissing"/>, <see cref="ErrorCode.ConfigNotFound"/>, <see cref="ErrorCode.InvalidArgument"/>.</exception>
    public async Task<PyServiceImageBuild> BuildAsync(
        ImageSource source, ImageBuildRequest request, Action<string>? told, IProgress<OperationProgress>? progress,
        CancellationToken cancellation)
    {
        if (_agent.Host is not { } host)
        {
            return LocalHost.HasServices
                ? await ImageBuilder.BuildAsync(await ReadAsync(source, cancellation), request, told, progress, cancellation)
                : throw LocalHost.Unsupported();
        }

        string[] words =
        [
            "image", "build", "--json", .. HostCommand.Value("--tag", request.Tag), .. HostCommand.Value("--file", request.File),
            .. HostCommand.Value("--target", request.Target), .. HostCommand.Value("--engine", request.Engine),
            .. HostCommand.Value("--network", request.Network), .. HostCommand.Flag("--no-cache", request.NoCache),
            .. HostCommand.Flag("--pull", request.Pull),
            .. HostCommand.Each("--build-arg", request.BuildArguments.Select(each => $"{each.Key}={each.Value}")),
            .. HostCommand.Each("--secret", request.Secrets.Select(each => $"{each.Key}={each.Value}")),
        ];
        return (await AskThereAsync(host, words, source, AgentJson.Default.IReadOnlyListPyServiceImageBuild, cancellation))[0];
    }

    /// <summary>Puts an image into a registry, as whom Docker's or podman's own configuration says.</summary>
    /// <param name="image">Its name. Without a tag, all tags that its latest one has.</param>
    /// <param name="registry">Where it goes; null where its name says it.</param>
    /// <param name="engine">Which has it; null for what is here.</param>
    /// <param name="isPlan">Only show what would be pushed.</param>
    /// <param name="told">Hears each line of the tool.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ImageFailed"/>, with the tool's lines;
    /// <see cref="ErrorCode.InvalidArgument"/>, <see cref="ErrorCode.RunnerMissing"/>.</exception>
    [SupportedOSPlatform("linux")]
    public static Task<IReadOnlyList<PyServiceImagePush>> PushAsync(
        string image, string? registry, string? engine, bool isPlan, Action<string>? told, CancellationToken cancellation) =>
        ImageStore.PushAsync(ContainerTools.Find(engine), image, registry, isPlan, told, cancellation);

    /// <summary>The images of services, the newest first.</summary>
    /// <param name="services">Names or patterns of services; none for all.</param>
    /// <param name="engine">Which has them; null for what is here.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.RunnerMissing"/>; <see cref="ErrorCode.System"/>.</exception>
    public async Task<IReadOnlyList<PyServiceImage>> GetAsync(
        IReadOnlyList<string> services, string? engine, CancellationToken cancellation)
    {
        if (_agent.Host is { } host)
        {
            var reply = await HostCommand.AskAsync(host, ["images", "--json", .. HostCommand.Value("--engine", engine), "--", .. services],
                AgentJson.Default.IReadOnlyListPyServiceImage, cancellation);
            return reply.Whole;
        }

        if (!LocalHost.HasServices)
            throw LocalHost.Unsupported();
        var all = await ImageStore.ListAsync(ContainerTools.Find(engine), cancellation);
        return services.Count == 0 ? all : [.. all.Where(image => ServiceSelection.Chooses(services, image.Service))];
    }

    /// <summary>Copies an image to another host without a registry: <c>save</c> here, <c>load</c> there.</summary>
    /// <param name="image">Its name.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="engine">Which has it; null for what is here.</param>
    /// <param name="cancellation">Ends it; over there nothing is kept of half an image.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ImageFailed"/>; <see cref="ErrorCode.HostUnreachable"/>;
    /// <see cref="ErrorCode.InvalidArgument"/>: there is no such image.</exception>
    [SupportedOSPlatform("linux")]
    public static async Task<PyServiceImageCopy> CopyAsync(
        string image, PyServiceHost target, string? engine, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        var tool = ContainerTools.Find(engine);
        var found = await ImageStore.FindAsync(tool, image, cancellation);
        var name = found.Names.FirstOrDefault(each => each == image || each == $"{image}:latest") ?? found.Image;
        var there = await HostShell.RunAsync(target, RemoteEngine.Asked(target, name), input: null, limit: null, cancellation);
        if (RemoteEngine.Failure(target, there.Code, there.Errors) is { } missing)
            throw missing;
        var isNew = BareId(there.Output) != BareId(found.Id);
        long sent = 0;
        if (isNew)
        {
            var answer = await HostShell.RunAsync(target, RemoteEngine.Loading(target),
                async pipe => sent = await ImageStore.SaveAsync(tool, name, pipe, cancellation), limit: null, cancellation);
            if (answer.Code != 0)
            {
                throw RemoteEngine.Failure(target, answer.Code, answer.Errors) ?? new ServiceCtlException(new ErrorReport
                {
                    Code = ErrorCode.ImageFailed,
                    Target = name,
                    HostName = target.HostName,
                    Message = $"{target.HostName} did not take {name}: {SshFailure.LastLine(answer.Errors)}",
                    Advice = "See that its engine runs, that this user may use it, and that its disk has space.",
                });
            }
        }

        return new PyServiceImageCopy
        {
            Image = name,
            Id = found.Id,
            Sent = sent,
            IsNew = isNew,
            Duration = Stopwatch.GetElapsedTime(began),
            HostName = target.HostName,
        };
    }

    /// <summary>The engines write it with and without its algorithm.</summary>
    private static string BareId(string id) => id.Trim() is var bare && bare.StartsWith("sha256:", StringComparison.Ordinal)
        ? bare["sha256:".Length..] : bare;

    private static async Task<IReadOnlyList<T>> AskThereAsync<T>(
        PyServiceHost host, IEnumerable<string> words, ImageSource source, JsonTypeInfo<IReadOnlyList<T>> type,
        CancellationToken cancellation)
    {
        string[] about = source.Name is { } name ? ["--", name] : [.. HostCommand.Value("--path", source.Folder)];
        return (await HostCommand.AskAsync(host, [.. words, .. about], type, cancellation)).Whole;
    }

    [SupportedOSPlatform("linux")]
    private async Task<ServiceDefinition> ReadAsync(ImageSource source, CancellationToken cancellation)
    {
        if (source.Name is { } name)
            return await _catalog.ReadDefinitionAsync(await _catalog.GetOneAsync(name, cancellation), cancellation);
        var config = ServiceSources.FindConfig(source.Folder!) ?? throw new ServiceCtlException(
            ErrorCode.ConfigNotFound, source.Folder, $"{source.Folder} has no configuration of a service (config.yaml).",
            "Name a registered service, or the folder of one with '--path'.");
        return await ServiceDefinitionReader.ReadAsync(config, name: null, cancellation);
    }
}
