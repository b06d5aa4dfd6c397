using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Releases.Settings;

/// <summary>
/// Reads what deploy.yaml, and the files beside it, say for a stage; faults have file, line and column.
/// </summary>
internal sealed class DeployReader
{
    private readonly ProblemList _problems;
    private readonly string _folder;

    private DeployReader(string folder, ProblemList problems)
    {
        _folder = folder;
        _problems = problems;
    }

    /// <param name="folder">Absolute path of the folder with deploy.yaml.</param>
    /// <param name="stage">Which stage.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigNotFound"/>; <see cref="ErrorCode.ConfigInvalid"/> with every
    /// fault; <see cref="ErrorCode.InvalidArgument"/>: there is no such stage.</exception>
    public static async Task<DeploySettings> ReadAsync(string folder, string stage, CancellationToken cancellation)
    {
        var problems = new ProblemList();
        var files = await StageFiles.ReadAsync(folder, problems, cancellation);
        if (!files.Names.Contains(stage))
            throw files.NoSuchStage(stage);
        var (layers, read) = await files.LayersOfAsync(stage, cancellation);
        var check = ConfigurationReader.Check(new ConfigurationLayers(layers, problems, new ProblemList()), DeployKeys.Schema, folder);
        return check.Configuration is { } configuration
            ? new DeployReader(folder, new ProblemList()).Bind(configuration, stage, read)
            : throw ConfigurationReader.Invalid(check.Problems);
    }

    /// <summary>The names of the stages, in order.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public static async Task<IReadOnlyList<string>> ReadStagesAsync(string folder, CancellationToken cancellation)
    {
        var problems = new ProblemList();
        var files = await StageFiles.ReadAsync(folder, problems, cancellation);
        return problems.Count == 0 ? files.Names : throw ConfigurationReader.Invalid(problems.Sorted());
    }

    private DeploySettings Bind(ResolvedConfiguration configuration, string stage, IReadOnlyList<string> files)
    {
        var hosts = Hosts(configuration);
        var settings = new DeploySettings
        {
            Stage = stage,
            Folder = _folder,
            Files = files,
            Service = configuration.GetOrNull(DeployKeys.Service),
            DeployTo = Path.TrimEndingDirectorySeparator(configuration.Get(DeployKeys.DeployTo)),
            Revision = configuration.Get(DeployKeys.Revision),
            Tree = configuration.Get(DeployKeys.Tree),
            Via = configuration.Get(DeployKeys.Via),
            Repository = configuration.GetOrNull(DeployKeys.Repository),
            Wheel = configuration.GetOrNull(DeployKeys.Wheel),
            Python = configuration.Get(DeployKeys.Python),
            SourceFiles = configuration.GetOrNull(DeployKeys.SourceFiles),
            KeepReleases = configuration.Get(DeployKeys.KeepReleases),
            KeepFailed = configuration.Get(DeployKeys.KeepFailed),
            LinkedFiles = configuration.Get(DeployKeys.LinkedFiles),
            LinkedDirs = configuration.Get(DeployKeys.LinkedDirs),
            Templates = [.. Items(configuration, DeployKeys.Templates, DeployItemKeys.Template)
                .Select(item => TemplateOf(item, hosts))],
            Variables = configuration.Get(DeployKeys.Variables),
            Secrets = [.. Items(configuration, DeployKeys.Secrets, DeployItemKeys.Secret).Select(SecretOf)],
            Tests = configuration.Get(DeployKeys.Tests),
            Http = configuration.Get(DeployKeys.Http),
            Hold = configuration.Get(DeployKeys.Hold),
            Canary = CanaryOf(configuration),
            MustBePushed = configuration.Get(DeployKeys.Pushed),
            BeforePublish = configuration.Get(DeployKeys.BeforePublish),
            AfterPublish = configuration.Get(DeployKeys.AfterPublish),
            Failed = configuration.Get(DeployKeys.Failed),
            Restored = configuration.Get(DeployKeys.Restored),
            BuildRun = configuration.Get(DeployKeys.BuildRun),
            BuildCopy = configuration.Get(DeployKeys.BuildCopy),
            Packages = configuration.Get(DeployKeys.Packages),
            Steps = [.. Items(configuration, DeployKeys.Steps, DeployItemKeys.Step).Select(item => StepOf(item, hosts))],
            MustBeConfirmed = configuration.Get(DeployKeys.Confirm),
            Hosts = hosts,
            Rollout = new RolloutSettings
            {
                Batches = [.. configuration.Get(DeployKeys.Batches).Select(BatchSize.Parse)],
                Wait = configuration.Get(DeployKeys.Wait),
                MaxFailures = configuration.Get(DeployKeys.MaxFailures),
                OnFailure = configuration.Get(DeployKeys.OnFailure),
                Timeout = configuration.Get(DeployKeys.HostTimeout),
            },
            // What stands below `secrets` says where they come from.
            Mask = SecretMask.For(StageFiles.Without(configuration.Root, DeployKeys.Secrets.Path), DeployKeys.Schema),
        };
        Require(configuration, settings);
        return _problems.Count == 0 ? settings : throw ConfigurationReader.Invalid(_problems.Sorted());
    }

    private void Require(ResolvedConfiguration configuration, DeploySettings settings)
    {
        if (settings.DeployTo is "" or "/")
            _problems.Add(configuration.Problem(DeployKeys.DeployTo, "`deploy_to` is the root of the file system.",
                "Name a folder of its own."));
        if (settings.Via == SourceVia.Folder && configuration.IsSet(DeployKeys.Revision))
            _problems.Add(configuration.Problem(DeployKeys.Revision, "A folder has no revisions: `source.via` is `folder`.",
                "Take `source.revision` away, or deploy an `archive`."));
        if (settings.Repository is not null && settings.Via != SourceVia.Mirror)
            _problems.Add(configuration.Problem(DeployKeys.Repository, "Only `via: mirror` has a repository.",
                "Write `via: mirror`, or take `source.repository` away."));
        RequireWheel(configuration, settings);
        RequireCanary(configuration, settings.Canary);
        if (settings.BuildCopy.Count > 0 && settings.BuildRun.Count == 0)
            _problems.Add(configuration.Problem(DeployKeys.BuildCopy, "`build.copy` has nothing to copy: `build.run` makes nothing.",
                "Write `build.run`."));
    }

    private void RequireWheel(ResolvedConfiguration configuration, DeploySettings settings)
    {
        SchemaKey[] keys = [DeployKeys.Wheel, DeployKeys.Python, DeployKeys.SourceFiles];
        if (settings.Via != SourceVia.Wheel && keys.FirstOrDefault(configuration.IsSet) is { } idle)
            _problems.Add(configuration.Problem(idle, $"`{idle.Path}` has no effect without `source.via: wheel`.",
                $"Write `via: wheel`, or take `{idle.Path}` away."));
        else if (settings.Wheel is not null && configuration.IsSet(DeployKeys.Python))
            _problems.Add(configuration.Problem(DeployKeys.Python, "Nothing is built by `source.python`: `source.wheel` names the wheel.",
                "Keep one of the two."));
        if (settings.Wheel is { } wheel && !wheel.EndsWith(".whl", StringComparison.Ordinal))
            _problems.Add(configuration.Problem(DeployKeys.Wheel, $"`{wheel}` is the name of no wheel: it does not end with `.whl`.",
                "Write `wheel: dist/*.whl`."));
    }

    private static CanarySetting? CanaryOf(ResolvedConfiguration configuration) =>
        configuration.GetOrNull(CanaryKeys.Share) is { } shares ? new CanarySetting(
            shares, configuration.Get(CanaryKeys.For), configuration.Get(CanaryKeys.MinRequests),
            configuration.Get(CanaryKeys.NewExceptions), configuration.Get(CanaryKeys.ErrorRate),
            configuration.GetNullable(CanaryKeys.SlowerThan)) : null;

    private void RequireCanary(ResolvedConfiguration configuration, CanarySetting? canary)
    {
        if (canary is null && CanaryKeys.All.FirstOrDefault(configuration.IsSet) is { } idle)
            _problems.Add(configuration.Problem(idle, $"`{idle.Path}` has no effect without `canary.share`.",
                "Write `share: [5%, 25%]`."));
        if (canary is not null && (canary.Shares.Count == 0 || canary.Shares.Any(share => share is not (> 0 and <= 100))))
            _problems.Add(configuration.Problem(CanaryKeys.Share, "A share must be above 0 % and at most 100 %.",
                "Write `share: [5%, 25%]`."));
        if (canary?.Step == TimeSpan.Zero)
            _problems.Add(configuration.Problem(CanaryKeys.For, "`canary.for` must be longer than 0.", "Write `for: 60s`."));
    }

    private TemplateSetting TemplateOf((ConfigEntry Entry, ResolvedConfiguration Item) template, StageHost[] hosts) => new(
        template.Entry.Key, template.Item.Get(DeployItemKeys.To),
        template.Item.GetNullable(DeployItemKeys.Mode) is { } mode ? (UnixFileMode)mode : null,
        template.Item.Get(DeployItemKeys.Into), template.Item.GetOrNull(DeployItemKeys.Link))
    {
        Roles = RolesOf(template.Item, DeployItemKeys.TemplateRoles, hosts),
    };

    /// <summary>A stage without hosts has no roles, and does everything itself.</summary>
    private IReadOnlyList<string> RolesOf(ResolvedConfiguration item, SchemaKey<IReadOnlyList<string>> key, StageHost[] hosts)
    {
        var roles = item.GetOrNull(key) ?? [];
        if (item.IsSet(key) && roles.Count == 0)
            _problems.Add(item.Problem(key, "`roles` names none.", "Name some, or leave `roles` out for all hosts."));
        var known = hosts.SelectMany(host => host.Roles).Distinct().ToList();
        if (hosts.Length > 0 && roles.FirstOrDefault(role => !known.Contains(role)) is { } stranger)
            _problems.Add(item.Problem(key, $"No host of this stage has the role `{stranger}`.",
                Suggestion.For(stranger, known) is { } near ? $"Did you mean `{near}`?"
                : known.Count == 0 ? $"Give it to a host: `roles: [{stranger}]`."
                : $"Its roles are {string.Join(", ", known.Select(role => $"`{role}`"))}."));
        return roles;
    }

    private SecretSetting SecretOf((ConfigEntry Entry, ResolvedConfiguration Item) secret)
    {
        var (entry, item) = secret;
        var found = new SecretSetting(entry.Key, item.GetOrNull(DeployItemKeys.Command) ?? [], item.GetOrNull(DeployItemKeys.File),
            item.GetOrNull(DeployItemKeys.Variable));
        var count = (found.Command.Count > 0 ? 1 : 0) + (found.File is null ? 0 : 1) + (found.Variable is null ? 0 : 1);
        if (count != 1)
            _problems.Add(entry.KeyOrigin, KeyPath.Join(DeployKeys.Secrets.Path, entry.Key),
                $"The secret `{entry.Key}` comes from {(count == 0 ? "nowhere" : "several places")}.",
                "Give it one of `command`, `file` and `variable`.");
        return found;
    }

    private OwnStep StepOf((ConfigEntry Entry, ResolvedConfiguration Item) step, StageHost[] hosts)
    {
        var (entry, item) = step;
        if (Enum.TryParse<DeployPhase>(entry.Key, ignoreCase: true, out _))
            _problems.Add(entry.KeyOrigin, KeyPath.Join(DeployKeys.Steps.Path, entry.Key), $"`{entry.Key}` is a step of every deploy.",
                "Call yours otherwise.");
        var own = new OwnStep(entry.Key, item.Get(DeployItemKeys.Run), item.GetNullable(DeployItemKeys.Before),
            item.GetNullable(DeployItemKeys.After))
        {
            Roles = RolesOf(item, DeployItemKeys.StepRoles, hosts),
            IsOnce = item.Get(DeployItemKeys.Once),
        };
        if (own is { Before: not null, After: not null })
            _problems.Add(item.Problem(DeployItemKeys.After, $"The step `{entry.Key}` can't come both before and after.",
                "Keep one of `before` and `after`."));
        return own;
    }

    private StageHost[] Hosts(ResolvedConfiguration configuration)
    {
        List<StageHost> hosts = [];
        foreach (var (entry, item) in Items(configuration, DeployKeys.Hosts, DeployItemKeys.Host))
        {
            var isPrimary = item.Get(DeployItemKeys.Primary);
            if (isPrimary && hosts.Find(host => host.IsPrimary) is { } other)
                _problems.Add(item.Problem(DeployItemKeys.Primary, $"`{other.Name}` is the primary already.", "Keep one of them."));
            hosts.Add(new StageHost(entry.Key, item.GetOrNull(DeployItemKeys.Ssh) ?? entry.Key, item.Get(DeployItemKeys.Roles), isPrimary,
                item.Get(DeployItemKeys.Properties)));
        }

        if (hosts.Count > 0 && !hosts.Exists(host => host.IsPrimary))
            hosts[0] = hosts[0] with { IsPrimary = true };
        return [.. hosts];
    }

    /// <summary>The items of a mapping that are right by their schema; those that are not are reported.</summary>
    private IEnumerable<(ConfigEntry Entry, ResolvedConfiguration Item)> Items(
        ResolvedConfiguration configuration, SchemaKey<ConfigMapping> key, ConfigurationSchema schema)
    {
        foreach (var entry in configuration.GetOrNull(key)?.Entries ?? [])
        {
            if (entry.Value is not ConfigMapping mapping)
            {
                _problems.Add(entry.Value.Origin, KeyPath.Join(key.Path, entry.Key),
                    $"`{entry.Key}` should be a mapping, and this is {entry.Value.Description}.", $"Write it as `{key.Example}`.");
                continue;
            }

            var before = _problems.Count;
            var bound = SchemaBinder.Bind(mapping, schema, _folder, isComplete: true, _problems, new ProblemList());
            if (_problems.Count == before)
                yield return (entry, new ResolvedConfiguration(mapping, schema, bound, []));
        }
    }
}
