using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Releases.Settings;

/// <summary>The keys of deploy.yaml; those of templates, secrets and own steps are in <see cref="DeployItemKeys"/>.</summary>
internal static class DeployKeys
{
    /// <summary>These two say what is read, and are no settings of a stage.</summary>
    public const string Stages = "stages", Include = "include";

    public static SchemaKey<string> Service { get; } = new("service", ConfigTypes.Text, "The name that the service is registered by.")
    {
        DefaultNote = "`SERVICE_NAME` of its configuration, else the name of the folder `deploy_to`",
        Example = "billing",
    };

    public static SchemaKey<string> DeployTo { get; } = new("deploy_to", ConfigTypes.FilePath,
        "The folder that holds `releases`, `current` and `shared`.")
    {
        IsRequired = true,
        Example = "/srv/billing",
    };

    public static SchemaKey<string> Revision { get; } = new("source.revision", ConfigTypes.Text, "A branch, tag or commit.")
    {
        Default = "HEAD",
    };

    public static SchemaKey<string> Tree { get; } = new("source.tree", RelativePath.Type,
        "The part of the repository that is deployed, relative to deploy.yaml.")
    {
        Default = ".",
    };

    public static SchemaKey<SourceVia> Via { get; } = new("source.via", ConfigTypes.Choice<SourceVia>(),
        "`archive`: what is committed in the checkout that holds deploy.yaml; `mirror`: what is in `source.repository`, by a mirror in "
            + "`repo`; `folder`: the folder as it is, committed or not; `bundle`: as `archive`, but only what a mirror in `repo` lacks "
            + "is sent, as a `git bundle`; `wheel`: a wheel, installed into the virtualenv of the release.")
    {
        Default = "archive",
    };

    public static SchemaKey<string> Repository { get; } = new(
        "source.repository", ConfigTypes.Text, "What `mirror` mirrors: a URL or path.")
    {
        DefaultNote = "the remote `origin` of the checkout",
        Example = "git@example.org:billing.git",
    };

    public static SchemaKey<string> Wheel { get; } = new("source.wheel", RelativePath.Type,
        "The wheel of `via: wheel`, relative to deploy.yaml; `*` and `?` stand for what differs, and one file has to fit. `build.run` may "
            + "make it.")
    {
        DefaultNote = "it is built from `source.revision`, by `uv build` or `python -m build`",
        Example = "dist/*.whl",
    };

    public static SchemaKey<string> Python { get; } = new("source.python", ConfigTypes.Text,
        "The Python that builds the wheel of `via: wheel`. One with compiled parts works with this version alone.")
    {
        Default = "python3",
    };

    public static SchemaKey<IReadOnlyList<string>> SourceFiles { get; } = new("source.files", ConfigTypes.ListOf(RelativePath.Type),
        "Files and folders that go into a release of `via: wheel` beside the wheel, as they are committed.")
    {
        DefaultNote = "the service's configuration, tests.yaml and requirements.txt, as far as they are there",
        Example = "[config.yaml, etc, templates]",
    };

    public static SchemaKey<int> KeepReleases { get; } = new("keep_releases", ConfigTypes.Integer(1, 1000),
        "How many releases that have served are kept. The one that serves and the one that a rollback goes to are kept in any case.")
    {
        Default = "5",
    };

    public static SchemaKey<int> KeepFailed { get; } = new("keep_failed", ConfigTypes.Integer(0, 1000),
        "How many failed releases are kept, with their logs. They push out none that has served.")
    {
        Default = "2",
    };

    public static SchemaKey<IReadOnlyList<string>> LinkedFiles { get; } = new("linked.files",
        ConfigTypes.ListOf(RelativePath.Type),
        "Files of `shared` that each release has as links. They have to be there.")
    {
        Default = "[]",
        Example = "[.env]",
    };

    public static SchemaKey<IReadOnlyList<string>> LinkedDirs { get; } = new("linked.dirs",
        ConfigTypes.ListOf(RelativePath.Type),
        "Folders of `shared` that each release has as links. They are made.")
    {
        Default = "[]",
        Example = "[log, data]",
    };

    public static SchemaKey<ConfigMapping> Templates { get; } = new("templates",
        new RawType<ConfigMapping>("mapping", "a mapping of files to where they go", "{app.conf.tmpl: {to: app.conf}}",
            """{"type": "object"}"""),
        "Files that are rendered into the release; in each, `{{ name }}` stands for a variable.")
    {
        Example = "{deploy/app.conf.tmpl: {to: conf/app.conf, mode: '0640'}}",
    };

    public static SchemaKey<IReadOnlyDictionary<string, string>> Variables { get; } = new("variables", ConfigTypes.TextMap,
        "Values for templates and hooks, as each stage has its own.")
    {
        Default = "{}",
        Example = "{local_port: '8001'}",
    };

    public static SchemaKey<ConfigMapping> Secrets { get; } = new("secrets",
        new RawType<ConfigMapping>("mapping", "a mapping of names to where they come from", "{SECRET_KEY: {file: /etc/key}}",
            """{"type": "object"}"""),
        "Values that are never shown; a template that holds one is written with mode 0600.")
    {
        Example = "{SECRET_KEY: {command: [pass, show, key]}}",
    };

    public static SchemaKey<IReadOnlyList<string>> Tests { get; } = new("check.tests", ConfigTypes.ListOf(ConfigTypes.Text),
        "Tests of the release's tests.yaml that it has to pass before it takes over: `critical`, `all`, or names and patterns.")
    {
        Default = "[]",
        Example = "[critical]",
    };

    public static SchemaKey<IReadOnlyList<string>> Http { get; } = new("check.http", ConfigTypes.ListOf(ConfigTypes.HttpTarget),
        "Pages of the new release that have to answer before it takes over, beside `service.ready`.")
    {
        Default = "[]",
        Example = "[/ping]",
    };

    public static SchemaKey<TimeSpan> Hold { get; } = new("check.hold", ConfigTypes.Duration,
        "How long the new release has to stay well before it takes over.")
    {
        Unit = "seconds",
        Default = "0s",
    };

    public static SchemaKey<bool> Pushed { get; } = new("check.pushed", ConfigTypes.Boolean,
        "Whether the commit has to be what `origin` has of its branch.")
    {
        Default = "false",
    };

    public static SchemaKey<IReadOnlyList<string>> BeforePublish { get; } = Hook("before_publish",
        "Commands that run in the new release before it serves; one that fails stops the deploy.", "[python manage.py migrate]");

    public static SchemaKey<IReadOnlyList<string>> AfterPublish { get; } = Hook("after_publish",
        "Commands that run in the release when it serves; one that fails is a warning.", "[./notify.sh]");

    public static SchemaKey<IReadOnlyList<string>> Failed { get; } = Hook("failed",
        "Commands that run in a release that failed.", "[./notify.sh failed]");

    public static SchemaKey<IReadOnlyList<string>> Restored { get; } = Hook("restored",
        "Commands that run in the release that a rollback has restored; one that fails is a warning.", "[./notify.sh restored]");

    public static SchemaKey<IReadOnlyList<string>> BuildRun { get; } = new("build.run", ConfigTypes.ListOf(ConfigTypes.Text),
        "Commands that run in the folder of deploy.yaml before a release is made.")
    {
        Default = "[]",
        Example = "[npm run build]",
    };

    public static SchemaKey<IReadOnlyList<string>> BuildCopy { get; } = new("build.copy",
        ConfigTypes.ListOf(RelativePath.Type), "Files and folders that they make, which are copied to the release.")
    {
        Default = "[]",
        Example = "[dist]",
    };

    public static SchemaKey<IReadOnlyList<string>> Packages { get; } = new("packages", ConfigTypes.ListOf(ConfigTypes.Text),
        "Packages of the operating system that have to be installed.")
    {
        Default = "[]",
        Example = "[uwsgi-plugin-python3]",
    };

    public static SchemaKey<ConfigMapping> Steps { get; } = new("steps",
        new RawType<ConfigMapping>("mapping", "a mapping of names to steps", "{warm: {run: [./warm.sh], after: publishing}}",
            """{"type": "object"}"""),
        "Steps of your own. Each can be run alone, and before or after one of the deploy's.")
    {
        Example = "{warm: {run: [./warm.sh], after: publishing}}",
    };

    public static SchemaKey<bool> Confirm { get; } = new("confirm", ConfigTypes.Boolean, "Whether each deploy has to be confirmed.")
    {
        Default = "false",
    };

    public static SchemaKey<ConfigMapping> Hosts { get; } = new("hosts",
        new RawType<ConfigMapping>("mapping", "a mapping of names to hosts", "{web1: {ssh: deploy@web1}}", """{"type": "object"}"""),
        "The hosts that the stage is deployed to, over SSH, in this order. Without any, it is this one.")
    {
        Example = "{web1: {ssh: deploy@web1, roles: [web], primary: true, properties: {local_port: '8001'}}}",
    };

    public static SchemaKey<IReadOnlyList<string>> Batches { get; } = new("rollout.batches",
        ConfigTypes.ListOf(ConfigTypes.TextMatching(BatchSize.Form)),
        "How many hosts switch to the new release at a time: a number, or a share of all. The last one counts for all that follow.")
    {
        Default = "[1, 100%]",
        Example = "[1, 25%, 100%]",
    };

    public static SchemaKey<TimeSpan> Wait { get; } = new("rollout.wait", ConfigTypes.Duration, "How long to wait between two batches.")
    {
        Unit = "seconds",
        Default = "0s",
    };

    public static SchemaKey<int> MaxFailures { get; } = new("rollout.max_failures", ConfigTypes.Integer(0, 10_000),
        "How many hosts may fail before the deploy is given up. The primary may not.")
    {
        Default = "0",
    };

    public static SchemaKey<RolloutFailure> OnFailure { get; } = new("rollout.on_failure", ConfigTypes.Choice<RolloutFailure>(),
        "What happens when a deploy is given up after some hosts have switched: `restore`: they go back to what they had; `stop`: they "
            + "keep the new release, and `publishing` goes on with the others.")
    {
        Default = "restore",
    };

    public static SchemaKey<TimeSpan> HostTimeout { get; } = new("rollout.timeout", ConfigTypes.Duration,
        "How long a host may take for one step. One that takes longer has failed, and holds up nobody any more.")
    {
        Unit = "seconds",
        Default = "15m",
    };

    public static ConfigurationSchema Schema { get; } = new(
        [
            new("", "How a service is deployed.", IsClosed: true),
            new("source", "What is deployed.", IsClosed: true),
            new("linked", "What releases share.", IsClosed: true),
            new("check", "What a release has to stand.", IsClosed: true),
            new("hooks", "Commands at certain moments, as the service's user, in its environment.", IsClosed: true),
            new("build", "What is made here before.", IsClosed: true),
            new("rollout", "How the hosts of a stage switch to a release, one batch after the other.", IsClosed: true),
            .. CanaryKeys.Sections,
        ],
        [
            Service, DeployTo, Revision, Tree, Via, Repository, Wheel, Python, SourceFiles, KeepReleases, KeepFailed, LinkedFiles,
            LinkedDirs, Templates, Variables, Secrets, Tests, Http, Hold, Pushed, BeforePublish, AfterPublish, Failed, Restored, BuildRun,
            BuildCopy, Packages, Steps, Confirm, Hosts, Batches, Wait, MaxFailures, OnFailure, HostTimeout, .. CanaryKeys.All,
        ]);

    private static SchemaKey<IReadOnlyList<string>> Hook(string name, string description, string example) =>
        new($"hooks.{name}", ConfigTypes.ListOf(ConfigTypes.Text), description) { Default = "[]", Example = example };
}
