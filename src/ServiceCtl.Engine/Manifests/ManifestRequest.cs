using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Manifests;

/// <summary>What is to be made.</summary>
/// <param name="Target">Who will read it.</param>
/// <param name="Root">The folder that the files are meant for: what is below it is named from there. Null: nothing is.</param>
/// <param name="StackName">What the whole is called; null for the first service's name.</param>
/// <param name="HostPorts">For a swarm: ports are those of the nodes that tasks run on, not of the whole swarm.</param>
internal sealed record ManifestRequest(ManifestTarget Target, string? Root, string? StackName = null, bool HostPorts = false);
