using System.CommandLine;
using System.Globalization;
using ServiceCtl.Client;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Commands;

/// <summary>image: makes a service an image, and puts it where it is to run. images: what there is.</summary>
internal static class ImageCommands
{
    public static Command CreateImage()
    {
        var command = new Verb("image", "Make an image of a service, push it to a registry, or copy it to another host.",
            [
                ("servicectl image files --what-if", "Show the Dockerfile that the service in this folder would get."),
                ("servicectl image build", "Build its image, tagged by version or commit."),
            ],
            "docker does the work, or podman, so their own configuration and credential helpers work. Without a verb, this is 'images'.")
        { CreateFiles(), CreateBuild(), CreatePush(), CreateCopy() };
        command.SetAction((_, cancellation) => ShowAsync([], engine: null, json: false, cancellation));
        return command;
    }

    public static Command CreateImages()
    {
        var names = SharedOptions.Names("Services: names, or patterns. Default: all.");
        var engine = Engine();
        var json = SharedOptions.Json();
        var command = new Verb("images", "List the images of services, the newest first.",
            [("servicectl images", "List those of all services."), ("servicectl images shop --json", "List those of one, for a script.")],
            "These are the images that 'servicectl image build' has built, by their label; 'docker images' lists all.")
        { names, engine, json };
        command.SetAction((parsed, cancellation) => ShowAsync(
            parsed.GetValue(names) ?? [], parsed.GetValue(engine), parsed.GetValue(json), cancellation));
        return HostRelay.AddTo(command);
    }

    internal static Option<string?> Engine() => OptionValues.Word("--engine",
        "docker, podman, or the absolute path of the engine's socket. Default: what DOCKER_HOST says, else what runs here.", "engine");

    private static Verb CreateFiles()
    {
        var names = SharedOptions.Names();
        var folder = Folder();
        var whatIf = new Option<bool>("--what-if") { Description = "Show the files. Nothing is written." };
        var json = SharedOptions.Json();
        var command = new Verb("files", "Write Dockerfile, .dockerignore and compose.yaml of a service, where they are missing.",
            [
                ("servicectl image files --what-if", "Show what would be written."),
                ("servicectl image files shop", "Write them into the folder of a registered service."),
            ],
            "They come from the service's configuration: its virtualenv in a stage of its own, a user that is not root, one process that "
                + "gets the signals, a health check from service.ready.http. The image runs under 'runner: container', which passes it "
                + "the agent's socket, and by 'docker run'. Files that are there are never written over.") { names, folder, whatIf, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = Services.Open();
            var files = new List<PyServiceImageFile>();
            foreach (var source in SourcesOf(parsed.GetValue(names), parsed.GetValue(folder)))
                files.AddRange(await client.Images.MakeFilesAsync(source, parsed.GetValue(whatIf), cancellation));
            if (parsed.GetValue(json))
                await ConsoleOutput.WriteJsonAsync(files, AgentJson.Default.IReadOnlyListPyServiceImageFile);
            foreach (var file in parsed.GetValue(json) ? [] : files)
                await WriteAsync(file);
            return ExitCodes.Success;
        });
        return Named(command, names, folder);
    }

    private static Verb CreateBuild()
    {
        var names = SharedOptions.Names();
        var folder = Folder();
        var tag = OptionValues.Word("--tag", "The only tag. Default: the version, if this commit has its tag in git; else the commit; and "
            + "the tag that the configuration names, or latest.", "tag", "-t");
        var file = OptionValues.FilePath("--file", "The Dockerfile, relative to the service's folder. Default: Dockerfile.", "file");
        var target = OptionValues.Word("--target", "The stage to build. Default: the last one.", "stage");
        var network = OptionValues.Word("--network", "The network of the steps: host, none. Default: the engine's.", "network");
        var noCache = new Option<bool>("--no-cache") { Description = "Do every step again." };
        var pull = new Option<bool>("--pull") { Description = "Look for newer images to build on." };
        var arguments = PairOption.Create("--build-arg",
            "What an ARG of the Dockerfile gets; visible in the image. May be repeated.", "NAME=VALUE");
        var secrets = PairOption.Create("--secret",
            "A file that steps with --mount=type=secret,id=ID may read, and that stays out of the image. May be repeated.", "ID=FILE");
        var engine = Engine();
        var json = SharedOptions.Json();
        var command = new Verb("build", "Build the image of a service.",
            [
                ("servicectl image build", "Build that of the service in this folder."),
                ("servicectl image build --secret pip=/root/.netrc --no-cache", "Give a step a secret, and do all of them again."),
                ("servicectl image build shop --tag 1.4", "Build that of a registered service, with this tag alone."),
            ],
            "'docker build' or 'podman build' does it. The image is labelled with service, commit and version. Secrets need BuildKit "
                + "(docker-buildx) or podman.")
        { names, folder, tag, file, target, network, noCache, pull, arguments, secrets, engine, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var request = new ImageBuildRequest
            {
                Tag = parsed.GetValue(tag),
                File = parsed.GetValue(file),
                Target = parsed.GetValue(target),
                Network = parsed.GetValue(network),
                NoCache = parsed.GetValue(noCache),
                Pull = parsed.GetValue(pull),
                BuildArguments = parsed.GetValue(arguments) ?? [],
                Secrets = (parsed.GetValue(secrets) ?? []).ToDictionary(each => each.Key, each => ServiceFolder.Resolve(each.Value)),
                Engine = parsed.GetValue(engine),
            };
            using var client = Services.Open();
            var isJson = parsed.GetValue(json);
            var built = new List<PyServiceImageBuild>();
            foreach (var source in SourcesOf(parsed.GetValue(names), parsed.GetValue(folder)))
            {
                var image = await client.Images.BuildAsync(source, request, isJson ? null : Tell, progress: null, cancellation);
                built.Add(image);
                if (!isJson)
                    await ConsoleOutput.WriteLineAsync(TextOf(image));
            }

            if (isJson)
                await ConsoleOutput.WriteJsonAsync(built, AgentJson.Default.IReadOnlyListPyServiceImageBuild);
            return ExitCodes.Success;
        });
        return Named(command, names, folder);
    }

    private static Verb CreatePush()
    {
        var images = Images();
        var registry = OptionValues.Word("--registry", "Where they go, before their names. Default: what their names say.", "registry");
        var whatIf = new Option<bool>("--what-if") { Description = "Show what would be pushed. Nothing is changed." };
        var engine = Engine();
        var json = SharedOptions.Json();
        var command = new Verb("push", "Push images to a registry.",
            [
                ("servicectl image push shop --registry localhost:5000", "Push every tag of the latest image of shop."),
                ("servicectl image push shop:1.4 --registry localhost:5000 --what-if", "Show the name that it would have there."),
            ],
            "The account is the one that 'docker login' or 'podman login' has stored; credential helpers work. A registry without TLS is "
                + "named in the engine's own configuration; docker takes localhost without that.")
        { images, registry, whatIf, engine, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var isJson = parsed.GetValue(json);
            var pushed = new List<PyServiceImagePush>();
            foreach (var image in parsed.GetValue(images) ?? [])
            {
                pushed.AddRange(await ImageVerbs.PushAsync(image, parsed.GetValue(registry), parsed.GetValue(engine),
                    parsed.GetValue(whatIf), isJson ? null : Tell, cancellation));
            }

            if (isJson)
                await ConsoleOutput.WriteJsonAsync(pushed, AgentJson.Default.IReadOnlyListPyServiceImagePush);
            foreach (var one in isJson ? [] : pushed)
                await ConsoleOutput.WriteLineAsync(
                    $"{one.Image} {(one.IsDone ? "is pushed" : "would be pushed")}{(one.Digest is { } digest ? $": {digest}" : "")}.");
            return ExitCodes.Success;
        });
        return command;
    }

    private static Verb CreateCopy()
    {
        var images = Images();
        var engine = Engine();
        var json = SharedOptions.Json();
        var command = new Verb("copy", "Copy images to other hosts without a registry.",
            [
                ("servicectl image copy shop:1.4 --host web1,web2", "Copy one to two hosts, if they don't have it yet."),
                ("servicectl image copy shop --host deploy@web1 --sudo", "Copy the latest to root's engine there."),
            ],
            "It is saved here, packed, and loaded there over SSH, by docker or podman.") { images, engine, json };
        var hosts = HostOptions.AddTo(command);
        command.Rules.Add(parsed => hosts.AreGiven(parsed) ? null : "copy needs --host.");
        command.SetAction(async (parsed, cancellation) =>
        {
            var copied = new List<PyServiceImageCopy>();
            var failed = false;
            foreach (var image in parsed.GetValue(images) ?? [])
            {
                foreach (var host in hosts.Of(parsed))
                {
                    try
                    {
                        var copy = await ImageVerbs.CopyAsync(image, host, parsed.GetValue(engine), cancellation);
                        copied.Add(copy);
                        if (!parsed.GetValue(json))
                            await ConsoleOutput.WriteLineAsync(TextOf(copy));
                    }
                    catch (ServiceCtlException error) when (error.Report.HostName is not null)
                    {
                        failed = true;
                        await ConsoleOutput.WriteErrorAsync(error.Report);
                    }
                }
            }

            if (parsed.GetValue(json))
                await ConsoleOutput.WriteJsonAsync(copied, AgentJson.Default.IReadOnlyListPyServiceImageCopy);
            return failed ? ExitCodes.Failed : ExitCodes.Success;
        });
        return command;
    }

    private static Argument<string[]> Images()
    {
        var images = new Argument<string[]>("image")
        {
            Arity = ArgumentArity.OneOrMore,
            Description = "Names of images: shop, shop:1.4.",
        };
        images.Validators.Add(SharedOptions.RefuseEmpty);
        return images;
    }

    private static Option<string?> Folder() => OptionValues.FilePath("--path",
        "The folder of a service that need not be registered. Default: this folder.", "folder");

    private static Verb Named(Verb command, Argument<string[]> names, Option<string?> folder)
    {
        command.Rules.Add(parsed => parsed.GetValue(folder) is not null && parsed.GetValue(names) is { Length: > 0 }
            ? "Give names of services or --path, not both." : null);
        return HostRelay.AddTo(command);
    }

    private static IEnumerable<ImageSource> SourcesOf(string[]? names, string? folder) => names is { Length: > 0 }
        ? names.Select(ImageSource.Of) : [ImageSource.In(ServiceFolder.Resolve(folder ?? "."))];

    private static async Task<int> ShowAsync(string[] names, string? engine, bool json, CancellationToken cancellation)
    {
        using var client = Services.Open();
        var images = await client.Images.GetAsync(names, engine, cancellation);
        if (json)
            await ConsoleOutput.WriteJsonAsync(images, AgentJson.Default.IReadOnlyListPyServiceImage);
        else if (images.Count == 0)
            await ConsoleOutput.WriteErrorLineAsync("No images of services are here.");
        foreach (var image in json ? [] : images)
        {
            await ConsoleOutput.WriteLineAsync($"{image.Image}  {image.Service}"
                + $"{(image.CreatedAt is { } created ? $"  {ConsoleOutput.Text(created)}" : "")}  {Size(image.Size)}"
                + (image.Version is { } version ? $"  version {version}" : "") + (image.Commit is { } commit ? $"  commit {commit}" : ""));
            foreach (var name in image.Names.Where(name => name != image.Image))
                await ConsoleOutput.WriteLineAsync($"  also {name}");
        }

        return ExitCodes.Success;
    }

    private static async Task WriteAsync(PyServiceImageFile file)
    {
        await ConsoleOutput.WriteLineAsync(file switch
        {
            { Change: ProjectFileChange.Kept } => $"{file.Service}: {file.Path} is there, and stays as it is.",
            { IsDone: true } => $"{file.Service}: wrote {file.Path}.",
            _ => $"{file.Service}: would write {file.Path}:",
        });
        if (file is { IsDone: false, Change: ProjectFileChange.Created })
            await ConsoleOutput.WriteDocumentAsync(file.Content + "\n");
    }

    private static string TextOf(PyServiceImageBuild image) => string.Create(CultureInfo.InvariantCulture,
        $"{image.Service}: built {string.Join(", ", image.Names)} in {image.Duration.TotalSeconds:0.0} s: {image.Steps} steps, "
            + $"{image.CachedSteps} from the cache, {Size(image.Size)}.");

    private static string TextOf(PyServiceImageCopy copy) => copy.IsNew
        ? string.Create(CultureInfo.InvariantCulture,
            $"{copy.HostName}: took {copy.Image}, {Size(copy.Sent)} in {copy.Duration.TotalSeconds:0.0} s.")
        : $"{copy.HostName}: has {copy.Image} already.";

    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.#} MB");

    private static void Tell(string line) => ConsoleOutput.WriteErrorLine($"  {line}");
}
