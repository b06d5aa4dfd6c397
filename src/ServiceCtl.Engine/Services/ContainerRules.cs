using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Services.Keys;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Services;

/// <summary>Reads <c>service.container</c>.</summary>
internal static class ContainerRules
{
    /// <param name="configuration">The service's.</param>
    /// <param name="name">The service's.</param>
    /// <param name="folder">The service's.</param>
    /// <param name="runner">What launches it.</param>
    /// <param name="listens">Where it listens.</param>
    /// <returns>Null for a service that runs in no container.</returns>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigInvalid"/>.</exception>
    public static ContainerRule? Of(
        ResolvedConfiguration configuration, string name, string folder, string runner, IReadOnlyList<ListenAddress> listens)
    {
        if (runner != "container")
            return null;
        var image = configuration.GetOrNull(ContainerKeys.Image);
        var build = configuration.GetOrNull(ContainerKeys.Build);
        if (image is null && build is null)
            throw Wrong(configuration, ServiceKeys.Runner, "Nothing says which image the container is made from.",
                "Set `service.container.image`, or `service.container.build` to a folder with a Dockerfile.");
        if (configuration.GetOrNull(ContainerKeys.Engine) is { } engine && !ContainerRule.IsEngine(engine))
            throw Wrong(configuration, ContainerKeys.Engine, $"`{engine}` is not a container engine.",
                "Write `docker`, `podman`, or the absolute path of the engine's socket.");
        if (configuration.GetNullable(ContainerKeys.Port) is { } port)
            RequirePublishable(configuration, port, listens);
        return new ContainerRule
        {
            Image = image ?? $"{name.ToLowerInvariant()}:latest",
            Build = build,
            Engine = configuration.GetOrNull(ContainerKeys.Engine),
            Network = configuration.Get(ContainerKeys.Network),
            Port = configuration.GetNullable(ContainerKeys.Port),
            User = configuration.GetOrNull(ContainerKeys.User),
            ReadOnly = configuration.Get(ContainerKeys.ReadOnly),
            Volumes = [.. configuration.Get(ContainerKeys.Volumes).Select(volume => VolumeOf(configuration, volume, folder))],
            Pull = configuration.Get(ContainerKeys.Pull),
            Entrypoint = configuration.GetOrNull(ContainerKeys.Entrypoint),
        };
    }

    /// <summary>A port that the engine would not publish, or nobody could reach, must not be accepted as if it were.</summary>
    private static void RequirePublishable(ResolvedConfiguration configuration, int port, IReadOnlyList<ListenAddress> listens)
    {
        var network = configuration.Get(ContainerKeys.Network);
        if (listens.Count == 0)
            throw Wrong(configuration, ContainerKeys.Port, "Nothing says on which address of the host the port is published.",
                "Set `service.listen`, as `127.0.0.1:8001`.");
        if (configuration.GetNullable(ServiceKeys.Socket) == SocketMode.Pass)
            throw Wrong(configuration, ServiceKeys.Socket, "`service.container.port` is for an image that binds its own port.",
                "Leave `service.socket` or `service.container.port` out.");
        if (listens.FirstOrDefault(listen => listen.EndPoint is null) is { } path)
            throw Wrong(configuration, ServiceKeys.Listen, $"The engine publishes ports, and `{path}` is a Unix socket.",
                "Name a TCP address, or leave `service.container.port` out to have the socket passed in.");
        if (network == "none")
            throw Wrong(configuration, ContainerKeys.Network, "Nothing can be published from a container without a network.",
                "Use a named network, or leave `service.container.port` out to have the socket passed in.");
        if (network == "host" && listens.FirstOrDefault(listen => listen.EndPoint!.Port != port) is { } other)
            throw Wrong(configuration, ServiceKeys.Listen,
                $"In the host's network nothing is published: the image listens on port {port}, and `{other}` is another one.",
                $"Let `service.listen` name port {port}, or use a named network.");
    }

    private static string VolumeOf(ResolvedConfiguration configuration, string volume, string folder)
    {
        var parts = volume.Split(':');
        if (parts.Length is not (2 or 3) || parts[0].Length == 0 || !parts[1].StartsWith('/')
            || (parts.Length == 3 && parts[2] is not ("ro" or "rw")))
            throw Wrong(configuration, ContainerKeys.Volumes, $"`{volume}` is not a volume.",
                "Write `SOURCE:TARGET` or `SOURCE:TARGET:ro`, where TARGET is an absolute path inside the container.");
        if (parts[0].Contains('/') || parts[0] is "." or "..")
            parts[0] = Path.GetFullPath(parts[0], folder);
        return string.Join(':', parts);
    }

    private static ServiceCtlException Wrong(ResolvedConfiguration configuration, SchemaKey key, string message, string advice) =>
        ConfigurationReader.Invalid([configuration.Problem(key, message, advice)]);
}
