using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Engine.Manifests.Writing;

/// <summary>What Kubernetes does otherwise than an agent.</summary>
internal static class KubernetesWarnings
{
    public static void Add(ManifestService service, ManifestNotes notes)
    {
        var (name, definition, container) = (service.Name, service.Definition, service.Container);
        ComposeWarnings.AddOfAll(service, notes);
        ComposeWarnings.AddOfCluster(service, notes, "Kubernetes", "container");
        if (definition.Restart.When != RestartWhen.Always)
        {
            notes.Add(service, RestartKeys.When, $"A Deployment starts {name} again whatever it ended by.",
                "Make a Job of what is to end.");
        }

        if (definition.Stop.Signal != StopKeys.Signal.Usual.Number)
        {
            notes.Add(service, StopKeys.Signal, $"Kubernetes asks {name} to end by the signal of the image, SIGTERM if that names none.",
                "Write STOPSIGNAL into the Dockerfile.");
        }

        if (KubernetesSecurity.HasName(container.User))
        {
            notes.Add(service, ContainerKeys.User,
                $"Kubernetes does not know whether `{container.User}` is root, and starts {name} only if the image's user is a number.",
                "Write the user's number.");
        }

        if (container.Network == "none")
            notes.Add(service, ContainerKeys.Network, $"Every pod has a network, {name} as well.",
                "Add a NetworkPolicy that allows nothing.");
        if (service.OnHost && service.Ports.Count > 0)
        {
            notes.Add(service, ContainerKeys.Network,
                $"The ports of {name} are the node's own, and two pods can't have them: an update waits for a node without one.",
                "Use a named network: the pod has an address of its own then.");
        }

        foreach (var volume in service.Volumes)
        {
            notes.Add(service, ContainerKeys.Volumes, volume.IsPath
                ? $"{volume.Source} of {name} is a folder of whichever node its pod runs on."
                : $"The volume {volume.Source} of {name} is the claim {KubernetesName.Of(volume.Source)}, which has to exist.",
                volume.IsPath ? "Put what is in it into the image, a ConfigMap or a claim." : "Make the claim; its size is yours to say.");
        }

        var probe = definition.Ready.Probe;
        if (service.Probe is not null && (probe.Method is not (null or "GET") || probe.Statuses is not null || probe.CaFile is not null))
        {
            notes.Add(service, ReadinessKeys.Page.Http,
                $"The probe of {name} is a GET that any status from 200 to 399 satisfies, whatever its certificate.",
                "Serve a page that needs no more.");
        }

        if (KubernetesName.Of(name) != name)
        {
            notes.Add(service, ServiceKeys.Runner, $"In Kubernetes {name} is called {KubernetesName.Of(name)}.",
                "Register it by a name of small letters, digits and dashes, for both to be the same.");
        }
    }
}
