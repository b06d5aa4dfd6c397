using ServiceCtl.Contracts;
using ServiceCtl.Engine.Releases.Building;
using ServiceCtl.Engine.Releases.Deploying;
using ServiceCtl.Engine.Releases.Fleet.Orders;
using ServiceCtl.Engine.Releases.Settings;

namespace ServiceCtl.Engine.Releases.Fleet;

/// <summary>What everything has to know that is done to a stage of several hosts.</summary>
internal sealed record FleetContext
{
    private static readonly TimeSpan Answering = TimeSpan.FromMinutes(2);

    /// <summary>The stage as it is described here.</summary>
    public required DeployContext Here { get; init; }

    /// <summary>Whom the service is to run as, where root deploys it; null where its configuration says nothing.</summary>
    public string? User { get; init; }

    /// <summary>The hosts that are meant, in the order of deploy.yaml.</summary>
    public required IReadOnlyList<StageHost> Hosts { get; init; }

    public required IHostDialler Dialler { get; init; }

    /// <summary>Where hosts that mirror the repository get it; null where the code is sent.</summary>
    public string? Mirror { get; init; }

    /// <summary>Which part of the repository is deployed, where hosts have a mirror; null where they don't.</summary>
    public string? Tree { get; init; }

    /// <summary>The commit that all of them get, where they get it for themselves.</summary>
    public string? Commit { get; set; }

    public DeploySettings Settings => Here.Settings;

    /// <summary>The one with the lock, whether it is meant or not.</summary>
    public StageHost Primary => Settings.Hosts.First(host => host.IsPrimary);

    /// <exception cref="ServiceCtlException">Nothing says what is mirrored.</exception>
    public static async Task<FleetContext> MakeAsync(
        DeployContext here, string? user, IReadOnlyList<StageHost> hosts, IHostDialler dialler, CancellationToken cancellation) => new()
        {
            Here = here,
            User = user,
            Hosts = hosts,
            Dialler = dialler,
            Mirror = here.Settings.Via == SourceVia.Mirror
                ? await new MirrorSource(here.Settings, here.Tree).UrlAsync(cancellation) : null,
            Tree = here.Settings.Via is SourceVia.Mirror or SourceVia.Bundle
                ? await ArchivedTree.PathAsync(Repository.Of(here.Settings.Folder), here.Settings.Tree, cancellation) ?? "." : null,
        };

    /// <summary>Chooses hosts by name and by role; neither means all.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: the stage has none of them.</exception>
    public static IReadOnlyList<StageHost> Choose(DeploySettings settings, IReadOnlyList<string> names, IReadOnlyList<string> roles)
    {
        if (settings.Hosts.Count == 0)
        {
            return names.Count + roles.Count == 0 ? [] : throw new ServiceCtlException(ErrorCode.InvalidArgument, settings.Stage,
                $"{settings.Stage} is this host: deploy.yaml names no hosts of it.", "Leave the hosts and roles away, or write `hosts`.");
        }

        var known = string.Join(", ", settings.Hosts.Select(host => host.Name));
        if (names.FirstOrDefault(name => settings.Hosts.All(host => !Is(host, name))) is { } stranger)
            throw new ServiceCtlException(ErrorCode.InvalidArgument, stranger, $"{settings.Stage} has no host '{stranger}'.",
                $"Its hosts are {known}.");
        if (roles.FirstOrDefault(role => settings.Hosts.All(host => !host.Roles.Contains(role))) is { } unknown)
            throw new ServiceCtlException(ErrorCode.InvalidArgument, unknown, $"{settings.Stage} has no host with the role '{unknown}'.",
                $"Its roles are {string.Join(", ", settings.Hosts.SelectMany(host => host.Roles).Distinct())}.");
        IReadOnlyList<StageHost> chosen = [.. settings.Hosts.Where(host => (names.Count == 0 || names.Any(name => Is(host, name)))
            && (roles.Count == 0 || roles.Any(host.Roles.Contains)))];
        return chosen.Count > 0 ? chosen : throw new ServiceCtlException(ErrorCode.InvalidArgument, settings.Stage,
            $"None of these hosts of {settings.Stage} has one of these roles.", $"Its hosts are {known}.");
    }

    /// <summary>Who alone runs a step that one host is to run: the primary, or else the first with one of its roles.</summary>
    public StageHost RunnerOf(OwnStep step) =>
        Settings.Hosts.Where(host => host.IsOneOf(step.Roles)).OrderByDescending(host => host.IsPrimary).First();

    /// <summary>The hosts that run a step.</summary>
    public IEnumerable<StageHost> RunnersOf(OwnStep step) => step.IsOnce ? [RunnerOf(step)]
        : Settings.Hosts.Where(host => host.IsOneOf(step.Roles));

    /// <summary>The same with those alone of the hosts that are meant which run a step.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: none of them does.</exception>
    public FleetContext For(OwnStep step)
    {
        var runners = RunnersOf(step).ToList();
        return Hosts.Any(runners.Contains) ? this with { Hosts = [.. Hosts.Where(runners.Contains)] } : throw new ServiceCtlException(
            ErrorCode.InvalidArgument, step.Name, $"None of these hosts of {Settings.Stage} runs the step '{step.Name}'.",
            $"It runs on {string.Join(", ", runners.Select(host => host.Name))}.");
    }

    /// <summary>Reaches a host. The connection, the command there and the lock all have to answer in time.</summary>
    /// <param name="host">Which.</param>
    /// <param name="secrets">What it gets of them.</param>
    /// <param name="work">What is done, for the lock; null for a look.</param>
    /// <param name="progress">Hears of its steps.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ServiceCtlException">It can't be reached, or is locked.</exception>
    public Task<(HostPeer Peer, HostReport Report)> OpenAsync(
        StageHost host, IReadOnlyDictionary<string, string> secrets, string? work, IProgress<PyServiceDeployStep>? progress,
        CancellationToken cancellation) =>
        HostPeer.OpenAsync(Dialler, host, StageOf(host, secrets, work), progress, Answering, cancellation);

    /// <summary>Asks a host one thing, and closes.</summary>
    /// <inheritdoc cref="OpenAsync"/>
    public async Task<HostReport> AskAsync(
        StageHost host, HostOrder order, IReadOnlyDictionary<string, string> secrets, CancellationToken cancellation)
    {
        var (peer, opened) = await OpenAsync(host, secrets, null, null, cancellation);
        try
        {
            if (order.Kind is HostOrderKind.Check or HostOrderKind.Plan && NewForm is { } form && !opened.KnowsForms)
                throw new ServiceCtlException(TooOld(host, form, form.Trim('`')));
            var report = await peer.AskAsync(order, Settings.Rollout.Timeout, null, cancellation);
            return report.Error is { } error ? throw new ServiceCtlException(error) : report;
        }
        finally
        {
            await peer.CloseAsync();
        }
    }

    /// <summary>A way of the code that earlier versions of the command on a host don't know; null for none.</summary>
    public string? NewForm => Settings.Via switch
    {
        SourceVia.Bundle => "`via: bundle`",
        SourceVia.Wheel => "`via: wheel`",
        SourceVia.Mirror when Settings.BuildCopy.Count > 0 => "`build.copy` with `via: mirror`",
        _ => null,
    };

    /// <summary>The command on a host is of an earlier version.</summary>
    public static ErrorReport TooOld(StageHost host, string what, string key) => new()
    {
        Code = ErrorCode.InvalidState,
        Target = host.Name,
        HostName = host.Name,
        Message = $"servicectl on this host is too old for {what}. Nothing was changed.",
        Advice = $"Install this version there ('servicectl hosts install'), or deploy without '{key}'.",
    };

    /// <summary>A release as it is here: its folder is that of the deploy.yaml that describes it.</summary>
    public PyServiceRelease Placed(PyServiceRelease release) => release with { Folder = Settings.Folder };

    private HostStage StageOf(StageHost host, IReadOnlyDictionary<string, string> secrets, string? work) => new()
    {
        Settings = Sent(host),
        Form = Settings.Via is SourceVia.Bundle or SourceVia.Wheel ? Settings.Via : null,
        Host = host,
        Service = Here.Service,
        User = User,
        By = Here.By,
        From = Environment.MachineName,
        Secrets = secrets,
        Masked = Settings.Mask.Known,
        Work = work,
    };

    private DeploySettings Sent(StageHost host)
    {
        Dictionary<string, string> variables = new(Settings.Variables);
        foreach (var (name, value) in host.Properties)
            variables[name] = value;
        return Settings with
        {
            // There is no folder of deploy.yaml over there: what is run before there is a release runs here.
            Folder = Settings.DeployTo,
            // What earlier versions don't know is said by the stage.
            Via = Settings.Via is SourceVia.Bundle or SourceVia.Wheel ? SourceVia.Archive : Settings.Via,
            Repository = Mirror,
            Tree = Tree ?? Settings.Tree,
            Wheel = null,
            SourceFiles = null,
            Revision = Commit ?? Settings.Revision,
            Files = [],
            Hosts = [],
            Variables = variables,
            // What is for other roles it never hears of, so that hosts of earlier versions don't do it either.
            Steps = [.. Settings.Steps.Where(step => RunnersOf(step).Contains(host)).Select(step => step.IsOnce
                // It has no phase there: it is ordered when all others are ready to wait.
                ? step with { Before = null, After = null, ComesEarly = step.IsEarly } : step)],
            Templates = new ReleaseTemplates(Settings with
            {
                Templates = [.. Settings.Templates.Where(template => host.IsOneOf(template.Roles))],
            }, variables, new Dictionary<string, string>(), Here.LocalUser).ReadAll(),
            Secrets = [],
            // All of these are done once: here, or on the primary.
            MustBePushed = false,
            BuildRun = [],
            BuildCopy = [],
            BeforePublish = [],
        };
    }

    private static bool Is(StageHost host, string name) => host.Name == name || host.Ssh == name;
}
