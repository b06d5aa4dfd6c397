using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Releases.Building;
using ServiceCtl.Engine.Releases.Settings;
using ServiceCtl.Engine.Releases.Tree;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Releases.Deploying;

/// <summary>What every step of a deploy has to know.</summary>
internal sealed record DeployContext
{
    public required DeploySettings Settings { get; init; }

    public required ReleaseTree Tree { get; init; }

    /// <summary>The name that the service is registered by.</summary>
    public required string Service { get; init; }

    /// <summary>Who deploys.</summary>
    public required string By { get; init; }

    /// <summary>From where, where that is another host; null for this one.</summary>
    public string? From { get; init; }

    /// <summary>Which of the stage's hosts this is; null where it has none.</summary>
    public StageHost? Host { get; init; }

    /// <summary>The secrets, where they were sent with the order; null: they are got here.</summary>
    public IReadOnlyDictionary<string, string>? Secrets { get; init; }

    /// <summary>Where the code comes from that was sent; null: from where deploy.yaml says.</summary>
    public IReleaseSource? Sent { get; init; }

    public required IReleaseSwitch Switch { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>
    /// Who runs what is done in the folder of deploy.yaml, where root does not itself: whose that folder is; where others can change it,
    /// the service's user.
    /// </summary>
    public string? LocalUser => !Environment.IsPrivilegedProcess ? null
        : FileOwner.Find(Settings.Folder) ?? (Settings.Files.All(PlaceTrust.IsTrusted) ? null : Tree.Actor?.User);

    public IReleaseSource Source => Sent ?? Settings.Via switch
    {
        SourceVia.Mirror => new MirrorSource(Settings, Tree),
        SourceVia.Bundle => new BundleSource(Settings, Tree),
        SourceVia.Wheel => new WheelSource(Settings, Tree.Actor?.User, LocalUser),
        SourceVia.Folder => new FolderSource(Settings, Tree),
        _ => new CheckoutSource(Settings, Tree.Actor?.User),
    };

    /// <summary>Who deploys, as lines of revisions.log name them.</summary>
    public string Author => From is null ? By : $"{By}@{From.Split(' ')[0]}";

    /// <exception cref="Contracts.ServiceCtlException">One can't be had.</exception>
    public async Task<IReadOnlyDictionary<string, string>> SecretsAsync(CancellationToken cancellation) =>
        Secrets ?? await SecretValues.ReadAsync(Settings, LocalUser, cancellation);

    public SecretMask MaskOf(IReadOnlyDictionary<string, string> secrets) => SecretMask.Of([.. Settings.Mask.Known, .. secrets.Values]);

    /// <summary>What templates can name: what is known of the release, and the stage's own variables, which win.</summary>
    public IReadOnlyDictionary<string, string> ValuesOf(Release release)
    {
        var values = FactsOf(release);
        foreach (var (name, value) in Settings.Variables)
            values[name] = value;
        return values;
    }

    /// <summary>The variables of a hook: the same, the facts as DEPLOY_NAME; those of a release, where there is one already.</summary>
    public Dictionary<string, string> VariablesOf(Release? release)
    {
        var variables = FactsOf(release).ToDictionary(fact => $"DEPLOY_{fact.Key.ToUpperInvariant()}", fact => fact.Value);
        // Under the name that Capistrano's users know.
        variables["DEPLOY_TO"] = Tree.Root;
        variables.Remove("DEPLOY_DEPLOY_TO");
        foreach (var (name, value) in Settings.Variables)
            variables[name] = value;
        return variables;
    }

    /// <summary>What the configuration of a release says; its paths are the release's own.</summary>
    public async Task<ServiceDefinition> DefineAsync(string id, CancellationToken cancellation)
    {
        var reading = await ServiceDefinitionReader.ReadWithConfigurationAsync(
            Tree.PathOf(id), Service, cancellation, SourceRequest.Usual with { User = Tree.Actor?.User });
        if (Environment.IsPrivilegedProcess)
            PinnedUser.Require(reading, Tree.Actor?.User ?? "root");
        return reading.Definition;
    }

    private Dictionary<string, string> FactsOf(Release? release)
    {
        Dictionary<string, string> facts = new()
        {
            ["service"] = Service,
            ["stage"] = Settings.Stage,
            ["host"] = Host?.Name ?? Environment.MachineName,
            ["roles"] = string.Join(',', Host?.Roles ?? []),
            ["deploy_to"] = Tree.Root,
            ["current_path"] = Tree.Current,
            ["shared_path"] = Tree.Shared,
        };
        if (release is null)
            return facts;
        facts["release"] = release.Id;
        facts["release_path"] = Tree.PathOf(release.Id);
        facts["revision"] = release.Record.Commit ?? "";
        facts["branch"] = release.Record.Branch ?? "";
        return facts;
    }
}
