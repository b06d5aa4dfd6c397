using System.Net;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Engine.Manifests.Writing;

/// <summary>What a swarm does otherwise than one host.</summary>
internal static class SwarmWarnings
{
    public static void Add(ManifestService service, ManifestNotes notes, bool hasHostPorts)
    {
        var name = service.Name;
        if (hasHostPorts)
        {
            notes.Add(service, service.OnHost ? ContainerKeys.Network : ServiceKeys.Listen,
                $"Port {service.Ports[0].Address.EndPoint!.Port} of {name} is the node's own, and two tasks of one node can't have it: "
                    + "updates stop the old task first (order: stop-first), and requests fail meanwhile.",
                "Publish it for the whole swarm (a named network, without --host-ports) for start-first.");
        }

        foreach (var address in service.Ports.Select(port => port.Address.EndPoint!)
            .Where(address => !service.OnHost && !address.Address.Equals(IPAddress.Any) && !address.Address.Equals(IPAddress.IPv6Any)))
        {
            notes.Add(service, ServiceKeys.Listen,
                $"A swarm publishes port {address.Port} of {name} on all addresses of its nodes, not on {address.Address} alone.",
                "Let a firewall decide who may connect, or take `service.listen` away: on the network its name is enough.");
        }

        ComposeWarnings.AddOfCluster(service, notes, "A swarm", "task");
        if (service.NoNewPrivileges)
        {
            notes.Add(service, SandboxKeys.NoNewPrivileges,
                $"`docker stack` can't express `no_new_privileges`: programs of {name} could gain some by setuid files.",
                "Set \"no-new-privileges\": true in the daemon.json of the nodes.");
        }
    }
}
