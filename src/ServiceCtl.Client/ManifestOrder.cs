using ServiceCtl.Contracts;

namespace ServiceCtl.Client;

/// <summary>What manifests are to be made.</summary>
/// <param name="Target">For whom.</param>
/// <param name="Folder">Where they are written, on the host of the services; null for nowhere. It is made if it is not there.</param>
/// <param name="Force">Replace what is there.</param>
/// <param name="StackName">What a swarm calls all of it; null for the name of the last service.</param>
/// <param name="HostPorts">Have a swarm publish ports on the nodes of the tasks alone, not on all of its nodes.</param>
public sealed record ManifestOrder(
    ManifestTarget Target, string? Folder = null, bool Force = false, string? StackName = null, bool HostPorts = false);
