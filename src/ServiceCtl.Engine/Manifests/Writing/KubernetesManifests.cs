using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services.Keys;
using static ServiceCtl.Engine.Manifests.Writing.ManifestNode;

namespace ServiceCtl.Engine.Manifests.Writing;

/// <summary>
/// A file for each service: a Deployment; a Service, by which its name resolves, where it has a port; a ConfigMap, where it has variables.
/// Its secrets are keys of a Secret of its name, which no file holds.
/// </summary>
internal sealed class KubernetesManifests
{
    /// <summary>Until no load balancer sends anything new: endpoints are taken away side by side with the signal, not before it.</summary>
    private const int DrainSeconds = 5;

    private const int CheckSeconds = 5;

    private readonly ManifestService _service;
    private readonly string _name;
    private readonly ManifestNotes _notes = new(
        ManifestTarget.Kubernetes, "service.health", "service.ready.delay", "service.ready.headers");

    private KubernetesManifests(ManifestService service)
    {
        _service = service;
        _name = KubernetesName.Of(service.Name);
    }

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigInvalid"/>: two of them would have one name.</exception>
    public static IReadOnlyList<PyServiceManifest> Of(IReadOnlyList<ManifestService> services)
    {
        var twice = services.GroupBy(service => KubernetesName.Of(service.Name)).FirstOrDefault(same => same.Count() > 1);
        if (twice is not null)
        {
            throw new ServiceCtlException(ErrorCode.ConfigInvalid, twice.First().Name,
                $"{string.Join(" and ", twice.Select(service => service.Name))} would both be called {twice.Key} in Kubernetes. "
                    + "Nothing was written.",
                "Register one of them by another name.");
        }

        return [.. services.Select(service => new KubernetesManifests(service).Make())];
    }

    private PyServiceManifest Make()
    {
        KubernetesWarnings.Add(_service, _notes);
        _notes.AddUnexpressed(_service);
        var variables = ManifestMap.Of(_service.Environment.Select(variable => (variable.Name, (ManifestNode)variable.Value)));
        ManifestMap[] objects =
        [
            .. variables.IsEmpty ? [] : new[] { Object("v1", "ConfigMap").Set("data", variables) },
            .. _service.Ports.Count == 0 ? [] : new[] { Object("v1", "Service").Set("spec", ServiceSpec()) },
            Object("apps/v1", "Deployment").Set("spec", DeploymentSpec(variables)),
        ];
        return new PyServiceManifest
        {
            Target = ManifestTarget.Kubernetes,
            Services = [_service.Name],
            FileName = $"{_name}.yaml",
            Content = ManifestText.Of(Comments(), objects),
            Secrets = [.. _service.Secrets.Select(secret => $"{_name}/{secret.Name}")],
            Warnings = _notes.Sorted,
        };
    }

    private IEnumerable<string> Comments()
    {
        yield return $"Made by 'servicectl manifest kubernetes {_service.Name}'.";
        yield return $"kubectl apply --filename {_name}.yaml";
        if (_service.Secrets.Count > 0)
        {
            yield return $"Its secrets are keys of the Secret {_name}, which has to be there: "
                + string.Join(", ", _service.Secrets.Select(secret => secret.Name)) + ".";
            yield return $"kubectl create secret generic {_name} --from-env-file=FILE";
        }
    }

    private ManifestMap Object(string version, string kind) => new ManifestMap().Set("apiVersion", version).Set("kind", kind)
        .Set("metadata", new ManifestMap().Set("name", _name).Set("labels", Labels()
            .Set("app.kubernetes.io/managed-by", "servicectl")));

    private ManifestMap Labels() => new ManifestMap().Set("app.kubernetes.io/name", _name);

    private ManifestMap ServiceSpec() => new ManifestMap()
        .Set("selector", Labels())
        .Set("ports", ListOf(Inside().Select(port => new ManifestMap().Set("name", PortName(port)).Set("port", port)
            .Set("targetPort", PortName(port)).Set("protocol", "TCP"))));

    private IEnumerable<int> Inside() => _service.Ports.Select(port => port.Port).Distinct();

    private static string PortName(int port) => string.Create(CultureInfo.InvariantCulture, $"tcp-{port}");

    private ManifestMap DeploymentSpec(ManifestMap variables)
    {
        var definition = _service.Definition;
        return new ManifestMap()
            .Set("replicas", definition.Instances)
            .Set("revisionHistoryLimit", 5)
            .Set("progressDeadlineSeconds", Math.Max(60, Seconds(definition.Ready.Timeout) * 2))
            .Set("selector", new ManifestMap().Set("matchLabels", Labels()))
            .Set("strategy", new ManifestMap().Set("type", "RollingUpdate")
                .Set("rollingUpdate", new ManifestMap().Set("maxSurge", 1).Set("maxUnavailable", 0)))
            .Set("template", new ManifestMap()
                .Set("metadata", new ManifestMap().Set("labels", Labels()).SetUnlessEmpty("annotations", Annotations(variables)))
                .Set("spec", PodSpec()));
    }

    /// <summary>A changed ConfigMap restarts nothing by itself.</summary>
    private ManifestMap Annotations(ManifestMap variables) => new ManifestMap().Set("servicectl.io/variables", variables.IsEmpty ? null
        : "sha256-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0',
            _service.Environment.Select(variable => $"{variable.Name}={variable.Value}")))))[..16]);

    private ManifestMap PodSpec()
    {
        var stop = Seconds(_service.Definition.Stop.Timeout);
        return new ManifestMap()
            .Set("automountServiceAccountToken", false)
            .Set("enableServiceLinks", false)
            .Set("hostNetwork", _service.OnHost ? (ManifestNode)true : null)
            .Set("terminationGracePeriodSeconds", stop + (HasDrain ? DrainSeconds : 0) + 1)
            .Set("securityContext", KubernetesSecurity.OfPod(_service.Container.User))
            .Set("containers", ListOf(Container()))
            .Set("volumes", VolumesOf());
    }

    /// <summary>Only what is asked for has to wait for those who still ask.</summary>
    private bool HasDrain => _service.Ports.Count > 0;

    private ManifestMap Container()
    {
        var (definition, container) = (_service.Definition, _service.Container);
        return new ManifestMap()
            .Set("name", _name)
            .Set("image", container.Image)
            .Set("imagePullPolicy", container.Pull switch
            {
                PullPolicy.Always => "Always",
                PullPolicy.Never => "Never",
                _ => "IfNotPresent",
            })
            // Kubernetes replaces $(NAME), except in $$(NAME).
            .Set("command", container.Entrypoint is { } entrypoint ? List(entrypoint.Select(Text)) : null)
            .Set("args", ListOrNone([.. _service.Command.Select(Text)]))
            .Set("envFrom", _service.Environment.Count == 0 ? null
                : ListOf(new ManifestMap().Set("configMapRef", new ManifestMap().Set("name", _name))))
            .Set("env", _service.Secrets.Count == 0 ? null : ListOf(_service.Secrets.Select(secret => new ManifestMap()
                .Set("name", secret.Name).Set("valueFrom", new ManifestMap().Set("secretKeyRef",
                    new ManifestMap().Set("name", _name).Set("key", secret.Name))))))
            .Set("ports", _service.Ports.Count == 0 ? null : ListOf(Inside().Select(port => new ManifestMap()
                .Set("name", PortName(port)).Set("containerPort", port).Set("protocol", "TCP"))))
            .Set("startupProbe", StartupProbe())
            .Set("readinessProbe", Page(_service.Probe)?.Set("periodSeconds", 2).Set("timeoutSeconds", CheckSeconds)
                .Set("failureThreshold", 3))
            .Set("livenessProbe", LivenessProbe())
            .Set("lifecycle", HasDrain ? new ManifestMap().Set("preStop", new ManifestMap().Set("exec", new ManifestMap()
                .Set("command", List("sleep", DrainSeconds.ToString(CultureInfo.InvariantCulture))))) : null)
            .Set("securityContext", KubernetesSecurity.OfContainer(_service))
            .SetUnlessEmpty("resources", Resources(definition.Limits.MemoryBytes, definition.Limits.CpuPercent))
            .Set("volumeMounts", Mounts());
    }

    /// <summary>The others begin when this one has succeeded once: a slow start is not taken for a death.</summary>
    private ManifestMap? StartupProbe() => Page(_service.Probe)
        ?.Set("initialDelaySeconds", _service.Definition.Ready.Delay is { } delay ? Seconds(delay) : null)
        .Set("periodSeconds", 1).Set("timeoutSeconds", CheckSeconds).Set("failureThreshold", Seconds(_service.Definition.Ready.Timeout));

    private ManifestMap? LivenessProbe() => _service.Definition.Health is not { } health ? null
        : Page(ManifestProbe.Of(health.HttpPath, _service.Ports.Count > 0 ? _service.Ports[0].Port : null, health.Probe))
            ?.Set("periodSeconds", Seconds(health.Interval)).Set("timeoutSeconds", Seconds(health.Timeout))
            .Set("failureThreshold", health.Failures);

    private static ManifestMap? Page(ManifestProbe? probe) => probe is null ? null
        : new ManifestMap().Set("httpGet", new ManifestMap().Set("path", probe.Path).Set("port", probe.Port)
            .Set("scheme", probe.Scheme.ToUpperInvariant())
            .Set("httpHeaders", probe.Rule.Headers is not { Count: > 0 } headers ? null
                : ListOf(headers.OrderBy(header => header.Key, StringComparer.Ordinal)
                    .Select(header => new ManifestMap().Set("name", header.Key).Set("value", header.Value)))));

    /// <summary>What is asked for is what is given at most: the pod is placed where that is there.</summary>
    private static ManifestMap Resources(long? memory, double? cpu)
    {
        ManifestMap Amounts() => new ManifestMap()
            .Set("cpu", cpu is { } percent ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(percent * 10):0}m") : null)
            .Set("memory", memory is { } bytes ? bytes.ToString(CultureInfo.InvariantCulture) : null);
        return new ManifestMap().SetUnlessEmpty("requests", Amounts()).SetUnlessEmpty("limits", Amounts());
    }

    private ManifestNode? Mounts()
    {
        ManifestMap[] mounts =
        [
            .. _service.Volumes.Select((volume, index) => new ManifestMap().Set("name", VolumeName(volume, index))
                .Set("mountPath", volume.Target).Set("readOnly", volume.IsReadOnly ? (ManifestNode)true : null)),
            .. _service.Container.ReadOnly
                ? new[] { new ManifestMap().Set("name", "tmp").Set("mountPath", "/tmp") } : [],
        ];
        return mounts.Length == 0 ? null : ListOf(mounts);
    }

    private ManifestNode? VolumesOf()
    {
        ManifestMap[] volumes =
        [
            .. _service.Volumes.Select((volume, index) =>
                new ManifestMap().Set("name", VolumeName(volume, index)) is var map && volume.IsPath
                ? map.Set("hostPath", new ManifestMap().Set("path", volume.Source))
                : map.Set("persistentVolumeClaim", new ManifestMap().Set("claimName", KubernetesName.Of(volume.Source)))),
            .. _service.Container.ReadOnly
                ? new[] { new ManifestMap().Set("name", "tmp").Set("emptyDir", new ManifestMap().Set("medium", "Memory")) } : [],
        ];
        return volumes.Length == 0 ? null : ListOf(volumes);
    }

    private static string VolumeName(ManifestVolume volume, int index) => string.Create(CultureInfo.InvariantCulture, $"volume-{index}");

    private static int Seconds(TimeSpan time) => Math.Max(1, (int)Math.Ceiling(time.TotalSeconds));

    private static string Text(string text) => text.Replace("$(", "$$(", StringComparison.Ordinal);
}
