namespace ServiceCtl.Contracts;

/// <summary>What reads a manifest.</summary>
public enum ManifestTarget
{
    /// <summary><c>docker compose</c>, on one host.</summary>
    Compose,

    /// <summary><c>docker stack deploy</c>, on the nodes of a swarm.</summary>
    Swarm,

    /// <summary><c>kubectl apply</c>, in a cluster.</summary>
    Kubernetes,
}
