using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;

namespace ServiceCtl.Engine.Services.Keys;

/// <summary>The container that a service with <c>runner: container</c> runs in: <c>service.container</c>.</summary>
public static class ContainerKeys
{
    internal static KeyList All { get; } = new(
        new SchemaSection("service.container", "The container it runs in, for `runner: container`.", IsClosed: true));

    public static SchemaKey<string> Image { get; } = All.Add(new SchemaKey<string>(
        "service.container.image", ConfigTypes.Text,
        "The image to run, by name and tag or by digest. With `build`, the name that the built image gets.")
    {
        DefaultNote = "with `build`, the service's name and the tag `latest`",
        Example = "registry.example.org/shop:1.4",
    });

    public static SchemaKey<string> Build { get; } = All.Add(new SchemaKey<string>(
        "service.container.build", ConfigTypes.FilePath,
        "A folder with a Dockerfile. The image is built from it before each start and restart; the engine's cache makes that quick "
            + "when nothing changed.")
    {
        Example = ".",
    });

    public static SchemaKey<string> Engine { get; } = All.Add(new SchemaKey<string>(
        "service.container.engine", ConfigTypes.Text,
        "`docker`, `podman`, or the absolute path of the engine's Unix socket.")
    {
        DefaultNote = "the socket of `DOCKER_HOST`, else the first that exists: Docker's, podman's, and those of the user's own engines",
        Example = "podman",
    });

    public static SchemaKey<string> Network { get; } = All.Add(new SchemaKey<string>(
        "service.container.network", ConfigTypes.Text,
        "The network it is in: a name, `host` or `none`. A network that does not exist is created. On a named network the service's name "
            + "resolves to its container.")
    {
        Default = "servicectl",
        Example = "host",
    });

    public static SchemaKey<int> Port { get; } = All.Add(new SchemaKey<int>(
        "service.container.port", ConfigTypes.Integer(1, 65535),
        "The TCP port that the image's own server listens on. The engine publishes it as `service.listen`, so restarts stop the old "
            + "container before they start the new one. Without this key the agent's socket is passed into the container as descriptor 3, "
            + "which needs Python 3.9 in the image, and restarts lose no request.")
    {
        Example = "6379",
    });

    public static SchemaKey<string> User { get; } = All.Add(new SchemaKey<string>(
        "service.container.user", ConfigTypes.Text,
        "The user inside the container, as `UID`, `UID:GID` or a name that the image knows. Root only if you write `root`.")
    {
        DefaultNote = "`service.user` by its number; else the image's own user, and 65534 where that is root",
        Example = "\"1000:1000\"",
    });

    public static SchemaKey<bool> ReadOnly { get; } = All.Add(new SchemaKey<bool>(
        "service.container.read_only", ConfigTypes.Boolean,
        "Whether the container's file system is read-only. `/tmp` is writable, empty at each start and in memory.")
    {
        Default = "true",
    });

    public static SchemaKey<IReadOnlyList<string>> Volumes { get; } = All.Add(new SchemaKey<IReadOnlyList<string>>(
        "service.container.volumes", ConfigTypes.ListOf(ConfigTypes.Text),
        "What is mounted into it, each as `SOURCE:TARGET` or `SOURCE:TARGET:ro`. A source with a slash is a path, relative to the "
            + "service's folder; without one it is a volume of the engine.")
    {
        Default = "[]",
        Example = "[./data:/data, cache:/var/cache]",
    });

    public static SchemaKey<PullPolicy> Pull { get; } = All.Add(new SchemaKey<PullPolicy>(
        "service.container.pull", ConfigTypes.Choice<PullPolicy>(),
        "When the image is pulled from its registry: `missing`, `always` or `never`. With `build`, `always` looks for newer base images.")
    {
        Default = "missing",
    });

    public static SchemaKey<IReadOnlyList<string>> Entrypoint { get; } = All.Add(new SchemaKey<IReadOnlyList<string>>(
        "service.container.entrypoint", ConfigTypes.Command,
        "Program and arguments instead of the image's entry point. `service.command` follows it, instead of the image's own command.")
    {
        DefaultNote = "the image's",
        Example = "[python3, -m]",
    });
}
