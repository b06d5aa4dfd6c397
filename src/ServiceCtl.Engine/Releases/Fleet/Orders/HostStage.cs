using ServiceCtl.Engine.Releases.Settings;

namespace ServiceCtl.Engine.Releases.Fleet.Orders;

/// <summary>All that a host has to know of its stage. There is no deploy.yaml on it.</summary>
internal sealed record HostStage
{
    /// <summary>With the text of the templates; the host's own properties are among the variables.</summary>
    public required DeploySettings Settings { get; init; }

    public required StageHost Host { get; init; }

    public required string Service { get; init; }

    /// <summary>Whom the service is to run as, where root deploys it, by its configuration; null where it says nothing.</summary>
    public string? User { get; init; }

    public required string By { get; init; }

    /// <summary>The host of whoever deploys.</summary>
    public required string From { get; init; }

    public IReadOnlyDictionary<string, string> Secrets { get; init; } = new Dictionary<string, string>();

    /// <summary>What is to be masked beside the secrets.</summary>
    public IReadOnlyList<string> Masked { get; init; } = [];

    /// <summary>How the code comes, in a word that earlier versions don't know; null: as the settings say.</summary>
    public SourceVia? Form { get; init; }

    /// <summary>What is being done, for the lock; null where nothing is to be locked.</summary>
    public string? Work { get; init; }
}
