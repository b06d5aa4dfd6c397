using System.Globalization;
using ServiceCtl.Engine.Configuration.Formats.Env;
using ServiceCtl.Engine.Configuration.Formats.Yaml;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Own;
using ServiceCtl.Engine.Configuration.Sources;
using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Services.WrapperKit;

/// <summary>
/// A wrapper-kit project's configuration in ServiceCtl's words: what every such project means without saying it, its <c>conf/config.yml</c>
/// translated, the file itself, which may have a <c>service:</c> section that wins over all this, and the variables of its <c>.env</c>.
/// </summary>
/// <remarks>https://github.com/txix-open/isp-kit (bootstrap), https://github.com/txix-open/isp-python-wrapper-kit</remarks>
internal sealed class WrapperKitSource : IConfigurationSource
{
    /// <summary>
    /// The kit starts a child again for ever, 2 s after each end. Its health counts where the project says so; till then a child is given
    /// some time to listen.
    /// </summary>
    private const string Usual =
        """
        service:
          runner: uv
          ready: {http: /internal/health, at_latest: 5s}
          restart: {when: always, delay: 2s, factor: 1, max_delay: 2s, give_up: 1000 in 1m}
          stop: {signal: TERM, timeout: 5s}
          remote: {file: config.json}
        """;

    private const string EnvFile = ".env";

    private const string ConfigPathVariable = "APP_CONFIG_PATH";

    private readonly string _folder;
    private readonly string _configPath;

    private readonly string _ownPrefix;
    private readonly SourceReader? _reader;

    /// <param name="configPath">The <c>conf/config.yml</c> of the project.</param>
    /// <param name="ownPrefix">Of variables that are for ServiceCtl, and no part of the child's environment.</param>
    /// <param name="reader">Who has to be able to read its files; null: whoever runs this.</param>
    public WrapperKitSource(string configPath, string ownPrefix, SourceReader? reader = null)
    {
        _configPath = configPath;
        _ownPrefix = $"{ownPrefix}__";
        _reader = reader;
        _folder = WrapperKitFolder.RootOf(configPath);
    }

    public string Name => _configPath;

    /// <summary>The file that APP_CONFIG_PATH names instead of the usual one, if it does.</summary>
    public static IReadOnlyList<string> FilesElsewhere(string configPath)
    {
        var folder = WrapperKitFolder.RootOf(configPath);
        try
        {
            // A named pipe has no length, and is no file to wait for.
            var file = new FileInfo(Path.Combine(folder, EnvFile));
            if (file is not { Exists: true, Length: > 0 and <= ConfigurationLimits.FileBytes })
                return [];
            var variables = EnvReader.Read(new SourceText(file.FullName, File.ReadAllText(file.FullName)), new Dictionary<string, string>(),
                new ProblemList(), CancellationToken.None);
            return ValueOf(variables, ConfigPathVariable) is { } elsewhere ? [Path.GetFullPath(elsewhere, folder)] : [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or MalformedSourceException)
        {
            // Whoever reads the configuration finds out.
            return [];
        }
    }

    /// <exception cref="Contracts.ServiceCtlException"><see cref="Contracts.ErrorCode.ConfigNotFound"/>.</exception>
    public async Task<ConfigMapping?> ReadAsync(ProblemList problems, ProblemList warnings, CancellationToken cancellation)
    {
        try
        {
            var variables = await ReadVariablesAsync(problems, cancellation);
            var file = ValueOf(variables, ConfigPathVariable) is { } elsewhere ? Path.GetFullPath(elsewhere, _folder) : _configPath;
            var text = await SourceFile.ReadAsync(file, cancellation, _folder, _reader);
            var written = YamlReader.ReadRoot(text, problems, cancellation);
            return ConfigurationComposer.Compose([Read(Usual), Translate(written, variables), written, Environment(variables)]);
        }
        catch (MalformedSourceException fault)
        {
            problems.Add(fault.Origin, null, fault.Message, fault.Advice);
            return null;
        }
    }

    private ConfigMapping Translate(ConfigMapping written, IReadOnlyList<Variable> variables)
    {
        var isDevelopment = HasValue(variables, "APP_MODE", "dev");
        var translated = new List<ConfigMapping>();
        Pass(WrapperKitKeys.ModuleName, "SERVICE_NAME");
        Pass(WrapperKitKeys.InnerIp, "local_ip");
        Pass(WrapperKitKeys.InnerPort, "local_port");
        Pass(WrapperKitKeys.OuterIp, "SERVER_ADDRESS");
        Pass(WrapperKitKeys.OuterPort, "SERVER_PORT");
        Pass(WrapperKitKeys.RemoteConfigOverride, "service.remote.override");
        var infra = ValueOf(written, WrapperKitKeys.InfraServerPort)
            ?? (ValueOf(written, WrapperKitKeys.InnerPort) is { } inner
                && int.TryParse(inner.Text, CultureInfo.InvariantCulture, out var port)
                ? new ConfigScalar((port + 1).ToString(CultureInfo.InvariantCulture), ScalarKind.Integer, inner.Origin) : null);
        if (infra is not null)
            Add("service.infra.listen", new ConfigScalar($":{infra.Text}", ScalarKind.Text, infra.Origin));

        // Without an address there is nobody to ask.
        SchemaKey[] ports = [WrapperKitKeys.InnerPort, WrapperKitKeys.OuterPort];
        if (ports.All(port => ValueOf(written, port) is null) && written.Find("service.listen") is null or { IsNull: true })
            Add("service.ready.http", new ConfigScalar("", ScalarKind.Null, written.Origin));

        if (ValueOf(written, WrapperKitKeys.HealthcheckTimeout) is { } timeout && timeout.Text is not ("0" or "0s"))
        {
            Add("service.ready.timeout", timeout);
            Add("service.ready.at_latest", new ConfigScalar("", ScalarKind.Null, timeout.Origin));
        }

        if (!isDevelopment && ValueOf(written, WrapperKitKeys.LogPath) is not null)
        {
            Pass(WrapperKitKeys.LogPath, "service.json_log.file");
            Pass(WrapperKitKeys.LogMaxSize, "service.json_log.max_size", text => $"{text}MiB");
            Pass(WrapperKitKeys.LogMaxBackups, "service.json_log.keep");
            Pass(WrapperKitKeys.LogCompress, "service.json_log.compress");
            if (ValueOf(written, WrapperKitKeys.Sampling) is { } sampling
                && WrapperKitKeys.Sampling.Type.ConvertBoxed(sampling, Context(WrapperKitKeys.Sampling)) is true)
            {
                Add("service.json_log.max_per_second",
                    ValueOf(written, WrapperKitKeys.SamplingMax) ?? Scalar(WrapperKitKeys.SamplingMax.Default!, sampling.Origin));
                Pass(WrapperKitKeys.SamplingPassEvery, "service.json_log.pass_every");
            }
        }

        var conf = Path.GetDirectoryName(_configPath)!;
        if (OwnSchema.Find(conf) is { } schema)
            Add("service.remote.schema", Scalar(schema, written.Origin));
        if (HasValue(variables, "CLUSTER_MODE", "offline"))
            Add("service.remote.watch",
                ValueOf(written, WrapperKitKeys.RemoteConfigPath) ?? Scalar(Path.Combine(conf, "config.json"), written.Origin));
        return ConfigurationComposer.Compose(translated);

        void Pass(SchemaKey key, string to, Func<string, string>? change = null)
        {
            if (ValueOf(written, key) is { } value)
                Add(to, change is null ? value : Scalar(change(value.Text), value.Origin));
        }

        void Add(string path, ConfigValue value) => translated.Add(At(path, value));
    }

    /// <summary>The child's environment is that of its parent: everything that <c>.env</c> holds, but what is for ServiceCtl.</summary>
    private ConfigMapping Environment(IReadOnlyList<Variable> variables)
    {
        var all = variables.Where(variable => !variable.Name.StartsWith(_ownPrefix, StringComparison.Ordinal))
            .Select(variable => At(["service", "environment", variable.Name], Scalar(variable.Text, variable.Origin))).ToList();
        Add("APP_PYTHON_PATH", "service.command",
            variable => new ConfigSequence([Scalar(variable.Text, variable.Origin)], variable.Origin));
        Add("APP_PYTHON_CONFIG_PATH", "service.remote.file", variable => Scalar(variable.Text, variable.Origin));
        Add("REQUIRED_MODULES", "service.modules", variable => new ConfigSequence(
            [.. variable.Text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(module => Scalar(module, variable.Origin))], variable.Origin));
        return ConfigurationComposer.Compose(all);

        void Add(string name, string path, Func<Variable, ConfigValue> value)
        {
            if (variables.FirstOrDefault(variable => variable.Name == name && variable.Text.Length > 0) is { } variable)
                all.Add(At(path, value(variable)));
        }
    }

    private async Task<IReadOnlyList<Variable>> ReadVariablesAsync(ProblemList problems, CancellationToken cancellation)
    {
        var file = Path.Combine(_folder, EnvFile);
        return File.Exists(file)
            ? EnvReader.Read(await SourceFile.ReadAsync(file, cancellation, reader: _reader), new Dictionary<string, string>(), problems,
                cancellation) : [];
    }

    /// <summary>
    /// The value of a key if it is right; what is wrong is reported of the key itself. As in the kit, the case of its name does not matter.
    /// </summary>
    private ConfigScalar? ValueOf(ConfigMapping written, SchemaKey key)
    {
        ConfigValue? value = written;
        foreach (var segment in KeyPath.Split(key.Path))
            value = (value as ConfigMapping)?.Entries.FirstOrDefault(
                entry => entry.Key.Equals(segment.Name, StringComparison.OrdinalIgnoreCase))?.Value;
        return value is ConfigScalar { IsNull: false } scalar && key.Type.ConvertBoxed(scalar, Context(key)) is not null ? scalar : null;
    }

    private ConversionContext Context(SchemaKey key) => new(key.Path, null, isSecret: true, _folder, new ProblemList());

    private static string? ValueOf(IReadOnlyList<Variable> variables, string name) =>
        variables.FirstOrDefault(variable => variable.Name == name) is { Text.Length: > 0 } found ? found.Text : null;

    private static bool HasValue(IReadOnlyList<Variable> variables, string name, string word) =>
        word.Equals(ValueOf(variables, name), StringComparison.OrdinalIgnoreCase);

    private ConfigMapping Read(string yaml) => YamlReader.ReadRoot(new SourceText(new Origin("wrapper kit") { Folder = _folder }, yaml),
        new ProblemList(), CancellationToken.None);

    private static ConfigScalar Scalar(string text, Origin origin) => new(text, ScalarKind.Text, origin);

    private static ConfigMapping At(string path, ConfigValue value) => At([.. KeyPath.Split(path).Select(segment => segment.Name!)], value);

    private static ConfigMapping At(string[] path, ConfigValue value)
    {
        foreach (var name in path.Reverse())
            value = new ConfigMapping([new ConfigEntry(name, value.Origin, value)], value.Origin);
        return (ConfigMapping)value;
    }
}
