using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Engine.Manifests.Writing;

/// <summary>What a compose file says of a service in other words than its configuration.</summary>
internal static class ComposeWarnings
{
    /// <summary>Of one host and of a swarm.</summary>
    public static void Add(ManifestService service, ManifestNotes notes)
    {
        AddOfAll(service, notes);
        var ready = service.Definition.Ready;
        if (service.Probe is not null && ready.Probe is var probe && (probe.Method is not null || probe.Headers is not null
            || probe.Statuses is not null || !probe.Verify || probe.CaFile is not null || probe.Redirects > 0))
        {
            notes.Add(service, ReadinessKeys.Page.Http,
                $"The health check of {service.Name} is a plain GET: method, headers, statuses, certificates and redirects don't count.",
                "Write another test into the file, or serve a page that needs none of them.");
        }
    }

    /// <summary>Of every target.</summary>
    public static void AddOfAll(ManifestService service, ManifestNotes notes)
    {
        if (!service.IsContainer)
        {
            notes.Add(service, ServiceKeys.Runner,
                $"{service.Name} runs without a container here, by `{service.Definition.Runner}`: the manifest takes the image "
                    + $"{service.Container.Image}, which has to be built from its folder.",
                "'servicectl image files' writes a Dockerfile for it; `service.container.image` of a service with `runner: container` "
                    + "names another image.");
        }
        else if (service.Container.Port is null && service.Ports.Count > 0 && !service.OnHost && !service.NamesDescriptor)
        {
            notes.Add(service, ServiceKeys.Listen,
                $"No agent passes its socket to {service.Name} there: the program in the image has to listen on port "
                    + $"{service.Ports[0].Port} itself, on all addresses of the container.",
                "Have the image listen when there is no LISTEN_FDS, and name the port by `service.container.port`.");
        }

        if (service.NamesDescriptor)
        {
            notes.Add(service, ServiceKeys.Command,
                $"The command of {service.Name} takes a socket by its number, `{{fd}}`, and nobody passes one there.",
                "Write a command that listens on `{host}` and `{port}`, and name the port by `service.container.port`.");
        }

        foreach (var path in service.Definition.Listens.Select(address => address.UnixPath).OfType<string>())
        {
            notes.Add(service, ServiceKeys.Listen, $"The Unix socket {path} of {service.Name} is not published: containers publish ports.",
                "Give it a port as well, or mount the folder of the socket.");
        }

        if (service.Probe is null && IsAsked(service))
        {
            notes.Add(service, ReadinessKeys.Page.Http,
                $"There is no health check for {service.Name}: `{service.Definition.Ready.HttpPath}` is not on a port of the container.",
                "Write a path or a URL of 127.0.0.1 into `service.ready.http`.");
        }
    }

    /// <summary>Of every cluster.</summary>
    /// <param name="service">The service.</param>
    /// <param name="notes">Gets them.</param>
    /// <param name="cluster">What it is called.</param>
    /// <param name="unit">What it starts of a service.</param>
    public static void AddOfCluster(ManifestService service, ManifestNotes notes, string cluster, string unit)
    {
        var (name, definition, container) = (service.Name, service.Definition, service.Container);
        if (container.Build is not null || !service.IsContainer)
        {
            notes.Add(service, service.IsContainer ? ContainerKeys.Build : ServiceKeys.Runner,
                $"{cluster} builds nothing: its nodes pull {container.Image}.",
                "Build it with 'servicectl image build', and push it with 'servicectl image push' to a registry that all nodes reach.");
        }

        if (definition.Requires.Count > 0)
        {
            notes.Add(service, ServiceKeys.Requires,
                $"{cluster} starts everything at once: {name} has to wait for {string.Join(", ", definition.Requires)} itself.",
                $"Retry the first connection; a {unit} that ends is started again.");
        }
    }

    public static void AddOfOneHost(ManifestService service, ManifestNotes notes)
    {
        if (service.Definition.Instances > 1 && service.Ports.Count > 0)
        {
            notes.Add(service, ServiceKeys.Instances,
                $"{service.Definition.Instances} containers of {service.Name} can't have one port of the host: compose starts only one.",
                "Publish no port and put a web server in front, or run one instance.");
        }

        foreach (var other in service.Definition.Requires.Where(_ => service.Network is null))
        {
            notes.Add(service, ContainerKeys.Network,
                $"The name {other} does not resolve in {service.Name}, whose network is `{service.Container.Network}`.",
                "Put both into a named network, or reach it by an address of the host.");
        }
    }

    private static bool IsAsked(ManifestService service) =>
        service.Definition.Ready.HttpPath is not null && service.Reading.Configuration.IsSet(ReadinessKeys.Page.Http);
}
