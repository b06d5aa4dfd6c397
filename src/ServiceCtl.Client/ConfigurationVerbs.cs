using System.Runtime.Versioning;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Reporting;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Templates;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Releases.Settings;
using ServiceCtl.Engine.Runners.Registry;
using ServiceCtl.Engine.Runners.Uwsgi;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Catalog;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Client;

/// <summary>The configuration of services: shown, checked, documented, begun. What is static needs no agent, and starts none.</summary>
public sealed partial class ConfigurationVerbs
{
    private readonly AgentConnection _agent;

    internal ConfigurationVerbs(AgentConnection agent)
    {
        _agent = agent;
    }

    /// <summary>All keys of ServiceCtl's, for completion.</summary>
    [SupportedOSPlatform("linux")]
    public static IReadOnlyList<ConfigKey> Keys => KeysOf(ServiceSchema.Schema);

    /// <summary>The effective values of a configuration.</summary>
    /// <exception cref="ServiceCtlException">
    /// <see cref="ErrorCode.ConfigNotFound"/>; <see cref="ErrorCode.ConfigInvalid"/> with every fault;
    /// <see cref="ErrorCode.InvalidArgument"/>: a setting that is not <c>key=value</c>.
    /// </exception>
    [SupportedOSPlatform("linux")]
    public static async Task<IReadOnlyList<ServiceSetting>> GetAsync(ConfigQuery query, CancellationToken cancellation)
    {
        var configuration = await ServiceConfiguration.ReadAsync(PathOf(query), RequestOf(query), cancellation);
        return configuration.Check.Configuration is null
            ? throw ConfigurationReader.Invalid(configuration.Check.Problems)
            : SettingList.Of(configuration, query);
    }

    /// <summary>
    /// Checks a configuration as a start would, and changes nothing. Faults are the answer, also that there is no such file.
    /// </summary>
    /// <param name="query">What is checked; its keys and secrets count for the values that are shown.</param>
    /// <param name="withSettings">Whether the answer is to hold the effective values.</param>
    /// <param name="cancellation">Gives up.</param>
    [SupportedOSPlatform("linux")]
    public static async Task<ServiceConfigCheck> CheckAsync(ConfigQuery query, bool withSettings, CancellationToken cancellation)
    {
        if (query.Service is null && Path.GetFileName(query.Path) == HostRuleReader.FileName)
            return await CheckHostRulesAsync(ServiceFolder.Resolve(query.Path), cancellation);
        var path = PathOf(query);
        try
        {
            var configuration = await ServiceConfiguration.ReadAsync(path, RequestOf(query), cancellation);
            var (problems, more) = configuration.Check.Configuration is { } right
                ? await FaultsBetweenKeysAsync(right, configuration, query.Service, cancellation) : (configuration.Check.Problems, []);
            return new ServiceConfigCheck
            {
                Service = query.Service,
                ConfigPath = configuration.ConfigPath,
                IsValid = problems.Count == 0,
                Problems = await SourceExcerpt.AddAsync(problems, configuration.Mask, cancellation),
                Warnings = await SourceExcerpt.AddAsync([.. configuration.Check.Warnings, .. more], configuration.Mask, cancellation),
                Settings = withSettings && problems.Count == 0 ? SettingList.Of(configuration, query) : [],
            };
        }
        catch (ServiceCtlException missing) when (missing.Code == ErrorCode.ConfigNotFound)
        {
            var problem = new ConfigurationProblem { Source = path, Message = missing.Message, Advice = missing.Advice };
            return new ServiceConfigCheck { Service = query.Service, ConfigPath = path, IsValid = false, Problems = [problem] };
        }
    }

    /// <summary>The same with a host's rules for failures.</summary>
    [SupportedOSPlatform("linux")]
    private static async Task<ServiceConfigCheck> CheckHostRulesAsync(string path, CancellationToken cancellation)
    {
        var rules = await HostRuleReader.ReadAsync(path, cancellation);
        IReadOnlyList<ConfigurationProblem> problems = File.Exists(path) ? rules.Problems
            : [new ConfigurationProblem { Source = path, Message = $"There is no file `{path}`.", Advice = "Create it." }];
        return new ServiceConfigCheck
        {
            ConfigPath = path,
            IsValid = problems.Count == 0,
            Problems = await SourceExcerpt.AddAsync(problems, SecretMask.For(HostFailureKeys.Schema), cancellation),
        };
    }

    /// <summary>A configuration to begin with, as text.</summary>
    [SupportedOSPlatform("linux")]
    public static async Task<string> GetTemplateAsync(ConfigTemplateRequest request, CancellationToken cancellation) =>
        ConfigurationTemplate.Write(request.Path is null ? ServiceSchema.Schema : await SchemaOfAsync(request.Path, cancellation), request);

    /// <summary>The format that a file's name says; YAML where it says none.</summary>
    public static ConfigFormat FormatOf(string? file) => file is null ? ConfigFormat.Yaml : PushedFile.FormatOf(file);

    /// <summary>Writes text into a new file.</summary>
    /// <param name="path">Where.</param>
    /// <param name="text">What.</param>
    /// <param name="force">Replace a file that is there.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.FileExists"/>; <see cref="ErrorCode.System"/>: it can't be
    /// written.</exception>
    public static async Task WriteFileAsync(string path, string text, bool force, CancellationToken cancellation)
    {
        path = ServiceFolder.Resolve(path);
        try
        {
            await using var file = new FileStream(path, force ? FileMode.Create : FileMode.CreateNew, FileAccess.Write);
            await using var writer = new StreamWriter(file);
            await writer.WriteAsync(text.AsMemory(), cancellation);
        }
        catch (IOException) when (!force && File.Exists(path))
        {
            throw new ServiceCtlException(ErrorCode.FileExists, path, $"{path} exists already. It was not changed.",
                "Name another file, or overwrite it with '--force'.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ServiceCtlException(ErrorCode.System, path, $"{path} can't be written: {exception.Message}",
                "Check the folder and its permissions.", exception);
        }
    }

    /// <summary>The keys as JSON Schema (draft 2020-12), for editors and other validators.</summary>
    /// <param name="path">A service's folder or configuration file, whose own schema is to be in it; null for ServiceCtl's keys
    /// alone.</param>
    /// <param name="cancellation">Gives up.</param>
    [SupportedOSPlatform("linux")]
    public static async Task<string> GetSchemaAsync(string? path, CancellationToken cancellation) =>
        JsonSchemaWriter.Write(path is null ? ServiceSchema.Schema : await SchemaOfAsync(path, cancellation), ServiceReference.Title);

    /// <summary>The keys as a page for people, in Markdown.</summary>
    /// <inheritdoc cref="GetSchemaAsync"/>
    [SupportedOSPlatform("linux")]
    public static async Task<string> GetReferenceAsync(string? path, CancellationToken cancellation) =>
        ReferencePage.Write(path is null ? ServiceSchema.Schema : await SchemaOfAsync(path, cancellation), ServiceReference.Title,
            ServiceReference.Introduction);

    /// <summary>The keys of deploy.yaml as a page for people, in Markdown.</summary>
    [SupportedOSPlatform("linux")]
    public static string GetDeployReference() => DeployReference.Write();

    /// <summary>Pushes a configuration to a service, and waits until the service runs with it, or not.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ServiceNotFound"/>, <see cref="ErrorCode.InvalidState"/>: it takes none,
    /// <see cref="ErrorCode.ConfigInvalid"/>: it is wrong, and was refused.</exception>
    public async Task<PyServiceConfigPush> PushAsync(ConfigPushRequest request, CancellationToken cancellation)
    {
        var api = await _agent.OpenAsync(cancellation);
        return await api.PushAsync(request, cancellation);
    }

    /// <summary>The text of a file that is to be pushed.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigNotFound"/>; <see cref="ErrorCode.ConfigInvalid"/>: it can't be
    /// read, or is no text.</exception>
    public static Task<string> ReadFileAsync(string path, CancellationToken cancellation) => PushedFile.ReadAsync(path, cancellation);

    [SupportedOSPlatform("linux")]
    private static async Task<ConfigurationSchema> SchemaOfAsync(string path, CancellationToken cancellation)
    {
        var full = ServiceFolder.Resolve(path);
        var problems = new ProblemList();
        var schema = await ServiceConfiguration.SchemaOfAsync(ServiceFolder.Resolve(path), problems, cancellation);
        return problems.Count == 0 ? schema : throw ConfigurationReader.Invalid(problems.Sorted());
    }

    [SupportedOSPlatform("linux")]
    private static IReadOnlyList<ConfigKey> KeysOf(ConfigurationSchema schema) =>
    [
        .. schema.Keys.Select(key => new ConfigKey
        {
            Key = key.Path,
            Holds = key.Type.Expectation,
            Description = key.Description,
            Values = key.Type.AllowedValues,
        }),
    ];

    /// <summary>What only the definition can see: keys that exclude or need each other, and what this host hasn't.</summary>
    [SupportedOSPlatform("linux")]
    private static async Task<(IReadOnlyList<ConfigurationProblem> Faults,
        IReadOnlyList<ConfigurationProblem> Warnings)> FaultsBetweenKeysAsync(
        ResolvedConfiguration configuration, ServiceConfiguration read, string? name, CancellationToken cancellation)
    {
        var file = read.ConfigPath;
        try
        {
            var definition = ServiceDefinitionReader.Define(configuration, file, name);
            var reading = new ServiceReading(definition, configuration, read.Trace);
            var pinned = PinnedUserOf(file, name);
            PinnedUser.Require(reading, pinned);
            var unknown = PinnedUser.IsVouchedFor(reading, pinned) ? await UnknownToServerAsync(definition, cancellation) : [];
            return ([], [.. ConfiguredPlaces.Missing(definition, configuration), .. InertKeys.Find(definition, configuration), .. unknown]);
        }
        catch (ServiceCtlException fault) when (fault.Report.Problems.Count > 0)
        {
            return (fault.Report.Problems, []);
        }
        catch (ServiceCtlException fault)
        {
            return ([new ConfigurationProblem { Source = file, Message = fault.Message, Advice = fault.Advice }], []);
        }
    }

    /// <summary>Whom root's agent runs the service as; null when it is not registered, or by somebody else's agent.</summary>
    [SupportedOSPlatform("linux")]
    private static string? PinnedUserOf(string file, string? name) =>
        !Environment.IsPrivilegedProcess ? null : ServiceCatalog.Peek(AgentPaths.ForCurrentUser().Catalog)
            .FirstOrDefault(entry => entry.Name == name || ServiceSources.IsOf(entry.ConfigPath, file))?.User;

    /// <summary>
    /// What the server would pass over without a word. It is asked as the service's user, for it may be one that the service has brought.
    /// </summary>
    [SupportedOSPlatform("linux")]
    private static async Task<IReadOnlyList<ConfigurationProblem>> UnknownToServerAsync(
        ServiceDefinition definition, CancellationToken cancellation)
    {
        if (definition.Runner != "uwsgi")
            return [];
        using var watcher = new ExitWatcher();
        return await new UwsgiRunner(watcher, TimeProvider.System).FindUnknownOptionsAsync(definition, cancellation);
    }

    /// <summary>A file of a folder's configuration stands for all of it; what is registered is what it was registered as.</summary>
    [SupportedOSPlatform("linux")]
    private static string PathOf(ConfigQuery query) => ServiceFolder.Resolve(query.Path) is var path
        && query is { Service: null, Sources.Count: 0 } ? ServiceSources.Meant(path) ?? path : path;

    [SupportedOSPlatform("linux")]
    private static SourceRequest RequestOf(ConfigQuery query) => SourceRequest.Of(query.Sources) with
    {
        Settings = [.. query.Settings.Select(SettingOf)],
        Environment = query.Environment ? SourceRequest.OwnEnvironment() : null,
    };

    private static KeyValuePair<string, string> SettingOf(string text) => text.IndexOf('=', StringComparison.Ordinal) is var at and > 0
        ? KeyValuePair.Create(text[..at], text[(at + 1)..])
        : throw new ServiceCtlException(ErrorCode.InvalidArgument, text, $"`{text}` is not a setting.",
            "Write `key=value`, such as `service.stop.timeout=10s`.");
}
