using System.Globalization;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services.Keys;
using static ServiceCtl.Engine.Manifests.Writing.ManifestNode;

namespace ServiceCtl.Engine.Manifests.Writing;

/// <summary>
/// A compose file: of the Compose specification for one host, of version 3.8 for a swarm, which reads no other.
/// </summary>
internal sealed class ComposeManifest
{
    /// <summary>A check that has no answer by then has failed.</summary>
    private const int CheckSeconds = 5;

    private readonly ManifestRequest _request;
    private readonly SecretVariables _secrets;
    private readonly ManifestNotes _notes;
    private readonly IReadOnlyList<ManifestService> _services;

    private ComposeManifest(IReadOnlyList<ManifestService> services, ManifestRequest request)
    {
        (_services, _request, _secrets) = (services, request, new SecretVariables(services));
        _notes = IsSwarm
            ? new ManifestNotes(ManifestTarget.Swarm, "service.health", "service.restart.delay", "service.limits.open_files")
            : new ManifestNotes(ManifestTarget.Compose, "service.limits.open_files", "service.limits.processes");
    }

    private bool IsSwarm => _request.Target == ManifestTarget.Swarm;

    public static PyServiceManifest Of(IReadOnlyList<ManifestService> services, ManifestRequest request) =>
        new ComposeManifest(services, request).Make();

    private PyServiceManifest Make()
    {
        var root = new ManifestMap().Set("version", IsSwarm ? "3.8" : null)
            .Set("services", ManifestMap.Of(_services.Select(service => (service.Name, (ManifestNode)ServiceOf(service)))))
            .SetUnlessEmpty("networks", ManifestMap.Of(NetworksOf()))
            .SetUnlessEmpty("volumes", ManifestMap.Of(_services.SelectMany(service => service.Volumes).Where(volume => !volume.IsPath)
                .Select(volume => volume.Source).Distinct().Order(StringComparer.Ordinal)
                .Select(name => (name, (ManifestNode)new ManifestMap().Set("name", name)))));
        foreach (var service in _services)
            _notes.AddUnexpressed(service);
        var file = IsSwarm ? "stack.yaml" : "compose.yaml";
        return new PyServiceManifest
        {
            Target = _request.Target,
            Services = [.. _services.Select(service => service.Name)],
            FileName = file,
            Content = ManifestText.Of(CommentsOf(file), root),
            Secrets = _secrets.Names,
            Warnings = _notes.Sorted,
        };
    }

    private IEnumerable<string> CommentsOf(string file)
    {
        var names = string.Join(' ', _services.Select(service => service.Name));
        yield return $"Made by 'servicectl manifest {(IsSwarm ? "swarm" : "compose")} {names}'.";
        yield return IsSwarm
            ? $"docker stack deploy --compose-file {file} {_request.StackName ?? _services[^1].Name}" : "docker compose up --detach --wait";
        if (_secrets.Names.Count > 0)
        {
            yield return $"Secrets come from variables: {string.Join(", ", _secrets.Names)}."
                + (IsSwarm ? " 'docker stack' reads no .env: export them." : " They may be in .env beside this file, with mode 0600.");
        }
    }

    private ManifestMap ServiceOf(ManifestService service)
    {
        var (definition, container) = (service.Definition, service.Container);
        WarnOf(service);
        var map = new ManifestMap()
            .Set("image", Text(container.Image))
            .Set("build", IsSwarm || container.Build is not { } folder ? null : new ManifestMap().Set("context", Text(PathOf(folder))))
            .Set("pull_policy", IsSwarm || container.Pull == PullPolicy.Missing ? null : container.Pull.ToString().ToLowerInvariant())
            .Set("entrypoint", container.Entrypoint is { } entrypoint ? List(entrypoint.Select(Text)) : null)
            .Set("command", ListOrNone([.. service.Command.Select(Text)]))
            .Set("user", container.User is { } user ? Text(user) : null)
            .SetUnlessEmpty("environment", ManifestMap.Of(EnvironmentOf(service)))
            .Set("ports", PortsOf(service))
            .Set("network_mode", IsSwarm || service.Network is not null ? null : container.Network)
            .Set("networks", IsSwarm ? List(container.Network) : service.Network is { } network ? List(network) : null)
            .SetUnlessEmpty("depends_on", DependsOn(service))
            .Set("healthcheck", HealthCheckOf(service))
            .Set("volumes", VolumesOf(service))
            .Set("read_only", container.ReadOnly)
            .Set("tmpfs", IsSwarm || !container.ReadOnly ? null : List("/tmp"))
            .Set("cap_drop", service.Capabilities is null ? null : List("ALL"))
            .Set("cap_add", service.Capabilities is { } kept
                ? ListOrNone([.. kept.Select(name => name.ToUpperInvariant())]) : List("ALL"))
            .Set("security_opt", IsSwarm ? null : List($"no-new-privileges:{(service.NoNewPrivileges ? "true" : "false")}"))
            .Set("stop_signal", definition.Stop.Signal == StopKeys.Signal.Usual.Number ? null : Signals.NameOf(definition.Stop.Signal))
            .Set("stop_grace_period", Duration(definition.Stop.Timeout))
            .SetUnlessEmpty("ulimits", new ManifestMap().Set("nofile", definition.Limits.OpenFiles));
        return IsSwarm
            ? map.Set("deploy", SwarmDeployment.Of(service, hasHostPorts: HasHostPorts(service)))
            : SetLimits(map, service).Set("restart", RestartOf(definition.Restart.When))
                .Set("deploy", service.Definition.Instances == 1 ? null : new ManifestMap().Set("replicas", definition.Instances));
    }

    private static ManifestMap SetLimits(ManifestMap map, ManifestService service)
    {
        var limits = service.Definition.Limits;
        return map.Set("mem_limit", limits.MemoryBytes is { } bytes ? Invariant(bytes) : null)
            .Set("cpus", limits.CpuPercent is { } percent ? Number(percent / 100) : null)
            .Set("pids_limit", limits.Processes);
    }

    private IEnumerable<(string, ManifestNode)> EnvironmentOf(ManifestService service) => service.Environment
        .Select(variable => (variable.Name, Value: Text(variable.Value)))
        .Concat(service.Secrets.Select(secret =>
            (secret.Name, Value: _secrets.Of(service, secret.Name) is var from ? $"${{{from}:?{from} is not set}}" : "")))
        .OrderBy(variable => variable.Name, StringComparer.Ordinal).Select(variable => (variable.Name, (ManifestNode)variable.Value));

    private ManifestNode? PortsOf(ManifestService service)
    {
        if (service.Network is null || service.Ports.Count == 0)
            return null;
        return ListOf(service.Ports.Select(each => IsSwarm
            ? new ManifestMap().Set("target", each.Port).Set("published", each.Address.EndPoint!.Port).Set("protocol", "tcp")
                .Set("mode", _request.HostPorts ? "host" : "ingress")
            : (ManifestNode)PublishedPort.Text(each.Address.EndPoint!, each.Port)));
    }

    private ManifestMap DependsOn(ManifestService service) => IsSwarm ? new ManifestMap()
        : ManifestMap.Of(service.Definition.Requires.Select(name => (name, (ManifestNode)new ManifestMap().Set("condition",
            _services.First(other => other.Name == name).Probe is null ? "service_started" : "service_healthy"))));

    private static ManifestMap? HealthCheckOf(ManifestService service)
    {
        if (service.Probe is not { } probe)
            return null;
        var health = service.Definition.Health;
        return new ManifestMap()
            .Set("test", List("CMD-SHELL", HealthCommand.Of(probe.Url, CheckSeconds)))
            .Set("interval", Duration(health?.Interval ?? HealthKeys.Interval.Usual))
            .Set("timeout", Duration(TimeSpan.FromSeconds(CheckSeconds + 1)))
            .Set("retries", health?.Failures ?? HealthKeys.Failures.Usual)
            .Set("start_period", Duration(service.Definition.Ready.Timeout));
    }

    private ManifestNode? VolumesOf(ManifestService service)
    {
        var volumes = service.Volumes.Select(volume => (ManifestNode)new ManifestMap()
            .Set("type", volume.IsPath ? "bind" : "volume")
            .Set("source", Text(volume.IsPath ? PathOf(volume.Source) : volume.Source))
            .Set("target", Text(volume.Target))
            .Set("read_only", volume.IsReadOnly ? (ManifestNode)true : null));
        // A swarm knows no `tmpfs`.
        ManifestNode[] all = IsSwarm && service.Container.ReadOnly
            ? [.. volumes, new ManifestMap().Set("type", "tmpfs").Set("target", "/tmp")] : [.. volumes];
        return all.Length == 0 ? null : ListOf(all);
    }

    private IEnumerable<(string, ManifestNode)> NetworksOf()
    {
        var named = _services.Select(service => service.Network).OfType<string>().Distinct().Order(StringComparer.Ordinal)
            // Without a name of its own it is the project's, and never the network that an agent keeps by this name.
            .Select(name => (name, (ManifestNode)new ManifestMap().Set("driver", IsSwarm ? "overlay" : null)));
        var special = IsSwarm ? _services.Where(service => service.Network is null).Select(service => service.Container.Network) : [];
        return named.Concat(special.Distinct().Order(StringComparer.Ordinal)
            .Select(name => (name, (ManifestNode)new ManifestMap().Set("external", true).Set("name", name))));
    }

    private bool HasHostPorts(ManifestService service) => service.Ports.Count > 0 && (service.OnHost || _request.HostPorts);

    private void WarnOf(ManifestService service)
    {
        ComposeWarnings.Add(service, _notes);
        if (IsSwarm)
            SwarmWarnings.Add(service, _notes, HasHostPorts(service));
        else
            ComposeWarnings.AddOfOneHost(service, _notes);
    }

    /// <summary>Compose replaces what follows a dollar, except by another one.</summary>
    private static string Text(string text) => text.Replace("$", "$$", StringComparison.Ordinal);

    private string PathOf(string path)
    {
        if (_request.Root is not { } root)
            return path;
        var relative = Path.GetRelativePath(root, path);
        return relative == "." ? "." : relative.StartsWith("..", StringComparison.Ordinal) ? path : $"./{relative}";
    }

    internal static string Duration(TimeSpan time) => time.Milliseconds == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0}s")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0}ms");

    private static string Invariant(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string RestartOf(RestartWhen when) => when switch
    {
        RestartWhen.Never => "no",
        RestartWhen.OnFailure => "on-failure",
        _ => "unless-stopped",
    };
}
