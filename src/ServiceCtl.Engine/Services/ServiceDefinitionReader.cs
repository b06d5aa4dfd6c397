using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Configuration.Values;
using ServiceCtl.Engine.Services.Keys;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Services;

/// <summary>Makes a <see cref="ServiceDefinition"/> out of a service's configuration.</summary>
public static class ServiceDefinitionReader
{
    /// <param name="path">Absolute path of the service's folder or of its configuration file.</param>
    /// <param name="name">The name it goes by; null for the one it gives itself.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <param name="request">What is to be read beside what the folder says.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigNotFound"/>, <see cref="ErrorCode.ConfigInvalid"/> with every
    /// fault.</exception>
    public static async Task<ServiceDefinition> ReadAsync(
        string path, string? name, CancellationToken cancellation, SourceRequest? request = null) =>
        (await ReadWithConfigurationAsync(path, name, cancellation, request)).Definition;

    /// <inheritdoc cref="ReadAsync"/>
    public static async Task<ServiceReading> ReadWithConfigurationAsync(
        string path, string? name, CancellationToken cancellation, SourceRequest? request = null) =>
        await DefineAsync(await ServiceConfiguration.ReadAsync(path, request ?? SourceRequest.Usual, cancellation), name, cancellation);

    /// <summary>
    /// The same as it is to be launched: where a link is on the way to the folder, everything is read from the release that it leads to,
    /// and named by that release's own path, whatever becomes of the link meanwhile.
    /// </summary>
    /// <param name="path">Absolute path of the service's folder or of its configuration file, links and all.</param>
    /// <param name="name">The name it goes by; null for the one it gives itself.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <param name="request">What is to be read beside what the folder says.</param>
    /// <param name="release">Which release is meant; null for that which the link leads to now.</param>
    /// <inheritdoc cref="ReadAsync"/>
    public static async Task<ServiceReading> ReadReleaseAsync(
        string path, string? name, CancellationToken cancellation, SourceRequest? request = null, ReleasePlace? release = null)
    {
        request ??= SourceRequest.Usual;
        release ??= ReleasePlace.Of(Directory.Exists(path) ? path : ServiceSources.FolderOf(path));
        if (release is not { } place || place.Resolve(path) is var real && real == path)
            return await ReadWithConfigurationAsync(path, name, cancellation, request);
        var read = await ServiceConfiguration.ReadAsync(real, request.In(place), cancellation);
        // It counts who may change the link, and when it moves.
        read.Trace.AddFile(path);
        return await DefineAsync(read with { Sources = request.Words }, name, cancellation, place);
    }

    /// <summary>Makes the definition of what was read.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    internal static async Task<ServiceReading> DefineAsync(
        ServiceConfiguration read, string? name, CancellationToken cancellation, ReleasePlace? release = null)
    {
        var configuration = read.Check.Configuration ?? throw ConfigurationReader.Invalid(read.Check.Problems);
        var definition = (release is null ? Define(configuration, read.ConfigPath, name) : DefineRelease(read, name, release)) with
        {
            Sources = read.Sources,
        };
        var reading = new ServiceReading(definition, configuration, read.Trace);
        definition = definition with { IsForeign = reading.Open is not null };
        if (definition.Remote is { } remote)
            definition = definition with { Secrets = [.. definition.Secrets.Union(await PushedSecrets.ReadAsync(remote, cancellation))] };
        return reading with { Definition = definition };
    }

    /// <summary>Paths mean what they do through the link, and are the release's where they are in it.</summary>
    private static ServiceDefinition DefineRelease(ServiceConfiguration read, string? name, ReleasePlace release)
    {
        var root = ReleasePaths.Behind(release, read.Check.Root);
        var file = release.Through(read.ConfigPath);
        var check = ConfigurationReader.Check(new ConfigurationLayers(root, new ProblemList(), new ProblemList()), read.Schema,
            ServiceSources.FolderOf(file));
        var configuration = check.Configuration ?? throw ConfigurationReader.Invalid(check.Problems);
        configuration.WhereIs = release.Resolve;
        return ReleasePaths.Take(release, Define(configuration, file, name));
    }

    /// <summary>Makes the definition of a configuration that is right by its schema.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigInvalid"/>: keys that don't fit each other;
    /// <see cref="ErrorCode.InvalidArgument"/>: the name.</exception>
    internal static ServiceDefinition Define(ResolvedConfiguration configuration, string file, string? name) =>
        Bind(configuration, file, ServiceSources.FolderOf(file), name);

    private static ServiceDefinition Bind(ResolvedConfiguration configuration, string file, string folder, string? name)
    {
        RequireSafeToClear(configuration, folder);
        var runner = configuration.GetOrNull(ServiceKeys.Runner) ?? RunnerOf(configuration);
        var listens = ListenAddressesOf(configuration, folder, runner);
        // uWSGI's own section may say where it listens, and gunicorn's own file.
        ProbeRules.RequireAddress(configuration, listens: listens.Length > 0 || runner is "uwsgi" or "gunicorn");
        return new ServiceDefinition
        {
            Name = name is null ? NameOf(configuration, folder) : ServiceName.Require(name),
            ConfiguredName = configuration.GetOrNull(RegistrationKeys.ServiceName),
            Folder = folder,
            ConfigPath = file,
            ApiDirectory = configuration.GetOrNull(PathKeys.ApiDirectory),
            Runner = runner,
            App = configuration.GetOrNull(ServiceKeys.App),
            Listen = listens.Length > 0 ? listens[0] : null,
            AlsoListens = [.. listens.Skip(1)],
            Permissions = PermissionsOf(configuration),
            Socket = configuration.GetNullable(ServiceKeys.Socket),
            VirtualEnvironment = configuration.GetOrNull(PathKeys.EnvDirectory),
            Venv = ServiceRules.Venv(configuration),
            PidFile = configuration.GetOrNull(PathKeys.PidFile),
            DirectoriesToCreate = configuration.Get(PathKeys.DirectoriesToCreate),
            DirectoriesMode = configuration.GetNullable(PathKeys.DirectoriesMode),
            PathsToDelete = configuration.Get(PathKeys.PathsToDelete),
            Environment = EnvironmentOf(configuration),
            Command = configuration.GetOrNull(ServiceKeys.Command) ?? [],
            Instances = configuration.Get(ServiceKeys.Instances),
            User = configuration.GetOrNull(ServiceKeys.User),
            FileMask = configuration.GetNullable(ServiceKeys.Umask),
            Requires = configuration.Get(ServiceKeys.Requires),
            Ready = ServiceRules.Ready(configuration),
            StatePage = configuration.GetOrNull(HealthKeys.State),
            Health = ServiceRules.Health(configuration),
            Restart = ServiceRules.Restart(configuration),
            OnFailure = ServiceRules.OnFailure(configuration, FailureKeys.Rules),
            LayerRules = [.. configuration.Get(FailureKeys.Rules).Where(rule => rule.Inside is not null)],
            Stop = ServiceRules.Stop(configuration),
            Limits = ServiceRules.Limits(configuration),
            Sandbox = ServiceRules.Sandbox(configuration),
            Container = ContainerRules.Of(configuration, name ?? NameOf(configuration, folder), folder, runner, listens),
            Logs = ServiceRules.Logs(configuration),
            OnChange = configuration.Get(ServiceKeys.OnChange),
            Relog = ServiceRules.Relog(configuration),
            Respond = ServiceRules.Respond(configuration),
            Schedule = configuration.Get(ScheduleKeys.Schedule),
            Alerts = AlertRules.Of(configuration),
            Remote = RemoteOf(configuration, file),
            Modules = configuration.Get(ServiceKeys.Modules),
            Infra = InfraAddressOf(configuration),
            JsonLog = ServiceRules.JsonLog(configuration),
            Auth = ServiceRules.Auth(configuration),
            Consul = ServiceRules.Consul(configuration,
                name ?? configuration.GetOrNull(RegistrationKeys.ServiceName) ?? Path.GetFileName(folder)),
            Messages = ServiceRules.Messages(configuration),
            WrapperName = ServiceRules.WrapperName(configuration),
            Uwsgi = UwsgiSectionOf(configuration, folder),
            Secrets = SecretMask.For(configuration).Known,
            Handed = HandedConfiguration.Of(configuration),
        };
    }

    private static string RunnerOf(ResolvedConfiguration configuration) => configuration.IsSet(UwsgiKeys.Options)
        ? "uwsgi"
        : throw ConfigurationReader.Invalid([configuration.Problem(
            ServiceKeys.Runner, "Nothing says how this service is launched: there is neither a `uwsgi:` section nor `service.runner`.",
            "Write one of them.")]);

    private static ListenAddress[] ListenAddressesOf(ResolvedConfiguration configuration, string folder, string runner)
    {
        if (configuration.GetOrNull(ServiceKeys.Listen) is not { } written)
            return UsualAddressOf(configuration, folder) is { } usual ? [usual] : [];

        ListenAddress[] addresses = [
            .. written.Select(one => ListenAddress.Of(one) ?? throw Unusable(configuration, ServiceKeys.Listen, one.Host!))];
        if (addresses.Length == 0)
            throw Wrong("`service.listen` is an empty list.", "Name an address, or take the key away.");
        if (addresses.GroupBy(address => address).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw Wrong($"`service.listen` names {twice.Key} twice.", "Name each address once.");
        if (addresses.Length > 1 && runner == "uvicorn")
        {
            throw Wrong(
                $"uvicorn listens on one address, and `service.listen` names {addresses.Length}.",
                "Name one; to have more, use gunicorn with uvicorn's worker (`runner: gunicorn`, `command: [--worker-class, "
                    + "uvicorn.workers.UvicornWorker]`), or a web server in front.");
        }

        return addresses;

        ServiceCtlException Wrong(string message, string advice) =>
            ConfigurationReader.Invalid([configuration.Problem(ServiceKeys.Listen, message, advice)]);
    }

    private static ListenAddress? UsualAddressOf(ResolvedConfiguration configuration, string folder)
    {
        var port = configuration.GetNullable(RegistrationKeys.LocalPort) ?? configuration.GetNullable(RegistrationKeys.ServerPort);
        if (port is null)
            return null;

        var host = configuration.Get(RegistrationKeys.LocalIp);
        return ListenAddress.TryParse($"{(host.Contains(':') ? $"[{host}]" : host)}:{port}", folder, out var address)
            ? address
            : throw Unusable(configuration, RegistrationKeys.LocalIp, host);
    }

    private static RemoteRule? RemoteOf(ResolvedConfiguration configuration, string configPath)
    {
        var remote = ServiceRules.Remote(configuration);
        return remote is null || !ServiceSources.WouldReplace(configPath, remote.File)
            ? remote : throw ConfigurationReader.Invalid([configuration.Problem(
            RemoteKeys.File, $"{remote.File}, once something was pushed, would be read as the configuration of this service.",
            "Name another file, such as `remote.json`.")]);
    }

    private static ListenAddress? InfraAddressOf(ResolvedConfiguration configuration)
    {
        if (configuration.GetOrNull(InfraKeys.Listen) is not { } written)
            return null;
        return ListenAddress.Of(written) is { EndPoint: not null } address
            ? address : throw ConfigurationReader.Invalid([configuration.Problem(
            InfraKeys.Listen, "This is not a TCP address that can be listened on.", "Write `:9001` or `127.0.0.1:9001`.")]);
    }

    private static SocketPermissions? PermissionsOf(ResolvedConfiguration configuration)
    {
        var given = configuration.GetOrNull(ServiceKeys.Listen)?.Select(address => address.Permissions).OfType<SocketPermissions>()
            .Distinct().ToArray() ?? [];
        if (given.Length > 1)
        {
            throw ConfigurationReader.Invalid([configuration.Problem(
                ServiceKeys.Listen, "`service.listen` gives its Unix sockets different `mode`, `owner` or `group`.",
                "Give all of them the same: a service's sockets have one set of permissions.")]);
        }

        var permissions = given.FirstOrDefault();
        return permissions is null || configuration.GetNullable(ServiceKeys.Socket) != SocketMode.Own
            ? permissions : throw ConfigurationReader.Invalid([configuration.Problem(
            ServiceKeys.Listen,
            "`mode`, `owner` and `group` are for a socket that the agent opens, and with `service.socket: own` the program makes it.",
            "Leave them out and tell the program, or have the socket passed (`socket: pass`).")]);
    }

    private static ServiceCtlException Unusable(ResolvedConfiguration configuration, SchemaKey key, string host) =>
        ConfigurationReader.Invalid(
        [configuration.Problem(key, $"`{host}` is not an address a service can listen on.",
            "Write an IP address of this machine, `localhost`, or `0.0.0.0` for all.")]);

    /// <summary>The keys named by <c>env_vars</c>, as they were written, below <c>service.environment</c>.</summary>
    private static Dictionary<string, string> EnvironmentOf(ResolvedConfiguration configuration)
    {
        var environment = new Dictionary<string, string>();
        foreach (var key in configuration.Get(PathKeys.EnvVars))
        {
            environment[key] = configuration.Find(key) switch
            {
                ConfigScalar { Kind: ScalarKind.Null } => "",
                ConfigScalar scalar => scalar.Text,
                null => throw ConfigurationReader.Invalid([configuration.Problem(
                    PathKeys.EnvVars, $"`env_vars` names `{key}`, which is not a key of this configuration.",
                    "Add the key, or take the name away.")]),
                _ => throw ConfigurationReader.Invalid([configuration.Problem(
                    PathKeys.EnvVars, $"`env_vars` names `{key}`, which is not a single value.",
                    "Only text, numbers and booleans fit into the environment.")]),
            };
        }

        foreach (var (key, value) in configuration.Get(ServiceKeys.Environment))
            environment[key] = value;
        return environment;
    }

    private static string NameOf(ResolvedConfiguration configuration, string folder) =>
        configuration.GetOrNull(RegistrationKeys.ServiceName) is not { } given
            ? ServiceName.Require(Path.GetFileName(folder))
            : ServiceName.IsValid(given)
                ? given
                : throw ConfigurationReader.Invalid(
                    [configuration.Problem(RegistrationKeys.ServiceName, $"`{given}` can't be a service's name.", ServiceName.Rule)]);

    private static UwsgiSection UwsgiSectionOf(ResolvedConfiguration configuration, string folder)
    {
        if (!configuration.TryGet(UwsgiKeys.Options, out var options))
            return new UwsgiSection();

        var file = options.LastOrDefault(option => option.Name == UwsgiSection.ConfigFileKey);
        var others = options.Where(option => option.Name != UwsgiSection.ConfigFileKey);
        return new UwsgiSection { ConfigFile = file is null ? null : ConfigFileOf(configuration, file, folder), Options = [.. others] };
    }

    private static string ConfigFileOf(ResolvedConfiguration configuration, ProgramOption option, string folder) =>
        PathText.Resolve(option.Value, folder, out var path) is { } reason
            ? throw ConfigurationReader.Invalid([configuration.Problem(
                UwsgiKeys.Options, $"`uwsgi.{UwsgiSection.ConfigFileKey}` is not a path: {reason}",
                "Name the file that is to be generated, as `tmp/uwsgi.ini`.")])
            : path;

    /// <summary>One slip in <c>paths_to_delete</c> must not cost the service's own code, or more.</summary>
    private static void RequireSafeToClear(ResolvedConfiguration configuration, string folder)
    {
        var problems = configuration.Get(PathKeys.PathsToDelete)
            .Where(path => IsSameOrAbove(path, folder))
            .Select(path => configuration.Problem(
                PathKeys.PathsToDelete, $"`{path}` would be emptied after each stop, and the service's folder with it.",
                "Name only what the service makes again, such as its `tmp`."))
            .ToArray();
        if (problems.Length > 0)
            throw ConfigurationReader.Invalid(problems);
    }

    private static bool IsSameOrAbove(string path, string folder) =>
        $"{folder}/".StartsWith($"{path.TrimEnd('/')}/", StringComparison.Ordinal);
}
