using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Runners.Gunicorn;
using ServiceCtl.Engine.Runners.Uwsgi;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Engine.Runners.Registry;

/// <summary>Keys that were written and change nothing, because the service's runner goes by something else.</summary>
internal static class InertKeys
{
    public static IReadOnlyList<ConfigurationProblem> Find(ServiceDefinition definition, ResolvedConfiguration configuration) =>
    [
        .. Of(definition).Where(inert => inert.Holds && configuration.IsSet(inert.Key))
            .Select(inert => configuration.Problem(inert.Key, $"`{inert.Key.Path}` changes nothing here: {inert.Reason}.", inert.Advice)),
        .. PassedBinds(definition),
    ];

    private static IEnumerable<(SchemaKey Key, bool Holds, string Reason, string Advice)> Of(ServiceDefinition definition) =>
        definition.Runner switch
        {
            "uwsgi" =>
            [
                (ServiceKeys.Socket, true, "the agent passes uWSGI all sockets that can be passed",
                    "Take it out; a restart tells when uWSGI has to open one itself, and why."),
                (ServiceKeys.Listen, UwsgiSockets.Of(definition).Given.Count > 0, "the `uwsgi:` section names the addresses itself",
                    "Take it out, or the addresses of the section."),
                (ServiceKeys.App, UwsgiApplication.IsNamedIn(definition.Uwsgi), "the `uwsgi:` section names the application itself",
                    "Take one of them out."),
                (ServiceKeys.Command, true, "uWSGI is configured in the `uwsgi:` section", "Write its options there."),
                (ServiceKeys.Instances, true, "uWSGI has workers of its own", "Write `processes` into the `uwsgi:` section."),
                (StopKeys.Signal, true, "uWSGI has its own words for an end", "Take it out."),
            ],
            "gunicorn" =>
            [
                (UwsgiKeys.Options, true, "the runner is gunicorn", "Take it out, or the runner."),
                (ServiceKeys.Instances, new ServerOptions(definition, GunicornOptions.Package).Has("--workers", "-w"),
                    "service.command has `--workers`", "Take one of them out."),
                (StopKeys.Signal, true, "gunicorn has its own words for an end", "Take it out."),
            ],
            "uvicorn" =>
            [
                (UwsgiKeys.Options, true, "the runner is uvicorn", "Take it out, or the runner."),
            ],
            "container" =>
            [
                (UwsgiKeys.Options, true, "the service runs in a container", "Take it out, or the runner."),
                (ServiceKeys.App, true, "the container runs what its image or service.command says",
                    "Name the server and its application in service.command."),
                (PathKeys.EnvDirectory, true, "the container has the Python of its image", "Take it out."),
                (ServiceKeys.Umask, true, "the program in the container has a umask of its own", "Take it out."),
                (SandboxKeys.PrivateTmp, true, "a container has a /tmp of its own", "Take it out."),
                (SandboxKeys.ProtectHome, true, "a container sees no home of this host", "Take it out."),
                (SandboxKeys.ReadOnly, true, "a container sees what is mounted into it", "Write `:ro` after a volume."),
            ],
            var runner =>
            [
                (UwsgiKeys.Options, true, $"the runner is {runner}", "Take it out, or the runner."),
                (ServiceKeys.App, true, $"{runner} runs what service.command says",
                    "Take it out, or choose a runner that imports an application: uwsgi, gunicorn, uvicorn."),
                (ContainerKeys.Image, true, $"the runner is {runner}", "Set `service.runner` to container, or take it out."),
                (ContainerKeys.Build, true, $"the runner is {runner}", "Set `service.runner` to container, or take it out."),
                (ServiceKeys.Socket, definition.Listen is null, "the service has no address", "Set service.listen, or take it out."),
            ],
        };

    /// <summary>
    /// gunicorn's own words for where it listens lose against sockets that it is passed, and against a bind on its command line.
    /// </summary>
    private static IEnumerable<ConfigurationProblem> PassedBinds(ServiceDefinition definition)
    {
        if (definition.Runner != "gunicorn" || definition.Listens.Count == 0 || GunicornBinds.Own(definition) is not { } own)
            yield break;
        if (own.Words.Count == definition.Listens.Count && GunicornBinds.AddressesOf(definition with { Listen = null, AlsoListens = [] })
            .ToHashSet().SetEquals(definition.Listens))
            yield break;
        yield return new ConfigurationProblem
        {
            Source = own.Source,
            Line = own.Line,
            Key = "bind",
            Message = $"gunicorn's `bind` changes nothing: service.listen says where {definition.Name} listens.",
            Advice = "Name all addresses in service.listen, as a list, or take it out, and local_port too, so that gunicorn's own count.",
        };
    }
}
