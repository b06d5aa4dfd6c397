using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Configuration.Formats;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Configuration.Values;
using ServiceCtl.Engine.Processes.Scopes;

namespace ServiceCtl.Engine.Services;

/// <summary>The sub-sections of <c>service:</c>, each made into its rule.</summary>
internal static class ServiceRules
{
    public static ReadinessRule Ready(ResolvedConfiguration configuration)
    {
        var pattern = configuration.GetOrNull(ServiceKeys.ReadyLog)?.ToString();
        var notify = configuration.Get(ServiceKeys.ReadyNotify);
        var delay = configuration.GetNullable(ServiceKeys.ReadyDelay);
        // Whoever says how readiness shows, without naming a page, does not mean /ping.
        var usual = pattern is null && !notify && delay is null ? ReadinessRule.DefaultHttpPath : null;
        var path = configuration.GetOrNull(ServiceKeys.ReadyHttp) ?? usual;
        return new ReadinessRule
        {
            HttpPath = path,
            Probe = ProbeRules.Of(configuration, ProbeKeys.Ready, path),
            LogPattern = pattern,
            Notify = notify,
            Delay = delay,
            AtLatest = configuration.GetNullable(ServiceKeys.ReadyAtLatest),
            Timeout = configuration.Get(ServiceKeys.ReadyTimeout),
        };
    }

    public static HealthRule? Health(ResolvedConfiguration configuration) => configuration.Find("service.health") is null ? null : new HealthRule
    {
        HttpPath = configuration.GetOrNull(ServiceKeys.HealthHttp) ?? ReadinessRule.DefaultHttpPath,
        Probe = ProbeRules.Of(configuration, ProbeKeys.Health, configuration.GetOrNull(ServiceKeys.HealthHttp) ?? ReadinessRule.DefaultHttpPath),
        Interval = configuration.Get(ServiceKeys.HealthInterval),
        Timeout = configuration.Get(ServiceKeys.HealthTimeout),
        Failures = configuration.Get(ServiceKeys.HealthFailures),
    };

    public static RestartRule Restart(ResolvedConfiguration configuration) => new()
    {
        When = configuration.Get(ServiceKeys.RestartWhen),
        Delay = configuration.Get(ServiceKeys.RestartDelay),
        Factor = configuration.Get(ServiceKeys.RestartFactor),
        MaxDelay = configuration.Get(ServiceKeys.RestartMaxDelay),
        GiveUpAfter = configuration.Get(ServiceKeys.RestartGiveUp).Count,
        GiveUpWindow = configuration.Get(ServiceKeys.RestartGiveUp).Window,
    };

    public static StopRule Stop(ResolvedConfiguration configuration) => new()
    {
        Mode = configuration.Get(ServiceKeys.StopMode),
        Signal = configuration.Get(ServiceKeys.StopSignal).Number,
        Timeout = configuration.Get(ServiceKeys.StopTimeout),
    };

    public static ScopeLimits Limits(ResolvedConfiguration configuration) => new()
    {
        MemoryBytes = configuration.GetNullable(ServiceKeys.LimitsMemory),
        CpuPercent = configuration.GetNullable(ServiceKeys.LimitsCpu),
        OpenFiles = configuration.GetNullable(ServiceKeys.LimitsOpenFiles),
        Processes = configuration.GetNullable(ServiceKeys.LimitsProcesses),
    };

    public static LogRule Logs(ResolvedConfiguration configuration) => new()
    {
        MaxSizeBytes = configuration.Get(ServiceKeys.LogsMaxSize),
        Keep = configuration.Get(ServiceKeys.LogsKeep),
        Compress = configuration.Get(ServiceKeys.LogsCompress),
        MaxAge = configuration.GetNullable(ServiceKeys.LogsMaxAge),
        SyslogSocket = configuration.Get(ServiceKeys.LogsSyslog) ? configuration.Get(ServiceKeys.LogsSyslogSocket) : null,
    };

    public static AuthRule Auth(ResolvedConfiguration configuration)
    {
        var isProduction = configuration.Get(ServicePyKeys.DeployProd);
        return new AuthRule
        {
            IsUsed = configuration.Get(ServicePyKeys.UsingAuth),
            IsProduction = isProduction,
            Uri = configuration.GetOrNull(isProduction ? ServicePyKeys.AuthUriProd : ServicePyKeys.AuthUri),
        };
    }

    /// <param name="configuration">The service's.</param>
    /// <param name="name">What it is called where SERVICE_NAME is not written.</param>
    public static ConsulRule Consul(ResolvedConfiguration configuration, string name)
    {
        var registered = configuration.GetOrNull(ServicePyKeys.ServiceName) ?? name;
        return new ConsulRule
        {
            IsEnabled = configuration.Get(ServicePyKeys.ConsulRegistration),
            IsMentioned = configuration.Get(ServicePyKeys.ConsulRegistration) || configuration.IsSet(ServicePyKeys.ConsulAddress),
            Host = configuration.Get(ServicePyKeys.ConsulAddress),
            Port = configuration.Get(ServicePyKeys.ConsulPort),
            Name = registered,
            Id = configuration.GetOrNull(ServicePyKeys.ServiceId) ?? registered,
            ServiceAddress = configuration.GetOrNull(ServicePyKeys.ServerAddress),
            ServicePort = configuration.GetNullable(ServicePyKeys.ServerPort) ?? configuration.GetNullable(ServicePyKeys.LocalPort),
            Tags = configuration.Get(ServicePyKeys.Tags),
            Ttl = configuration.GetNullable(ServiceKeys.ConsulTtl),
            DeregisterAfter = configuration.GetNullable(ServiceKeys.ConsulDeregisterAfter),
            TokenFile = configuration.GetOrNull(ServiceKeys.ConsulTokenFile),
        };
    }

    public static EnvironmentRule Venv(ResolvedConfiguration configuration) => new()
    {
        Tool = configuration.GetNullable(EnvironmentKeys.Tool),
        Python = configuration.Get(EnvironmentKeys.Python),
        Requirements = configuration.GetOrNull(EnvironmentKeys.Requirements),
        Wheels = configuration.GetOrNull(EnvironmentKeys.Wheels),
        Index = configuration.GetOrNull(EnvironmentKeys.Index),
        Hashes = configuration.Get(EnvironmentKeys.Hashes),
        SystemPackages = configuration.Get(EnvironmentKeys.SystemPackages),
        Timeout = configuration.Get(EnvironmentKeys.Timeout),
    };

    public static MessageRule Messages(ResolvedConfiguration configuration) => new()
    {
        File = configuration.GetOrNull(ServicePyKeys.NohupOutLog),
        ColorOnScreen = configuration.Get(ServicePyKeys.ColorLogsScreen),
        ColorInFile = configuration.Get(ServicePyKeys.ColorLogsFiles),
    };

    public static string WrapperName(ResolvedConfiguration configuration)
    {
        var name = configuration.Get(ServicePyKeys.NeatScriptName);
        return name is not ("" or "." or "..") && !name.AsSpan().ContainsAny('/', '\n') ? name : throw ConfigurationReader.Invalid([configuration.Problem(
            ServicePyKeys.NeatScriptName, $"`{name}` is not the name of a file.", "Write a name without a path: the wrapper is made in the service's folder.")]);
    }

    public static RelogRule Relog(ResolvedConfiguration configuration) => new()
    {
        Files = configuration.GetOrNull(ServicePyKeys.RelogFiles)?.ToString(),
        DeleteAfter = configuration.GetNullable(ServicePyKeys.DeleteLogsDays) is { } days ? TimeSpan.FromDays(days) : null,
        EmptyFirst = configuration.Get(ServicePyKeys.DeleteRelogFiles),
    };

    public static RemoteRule? Remote(ResolvedConfiguration configuration) => configuration.GetOrNull(RemoteKeys.File) is { } file
        ? new RemoteRule
        {
            File = file,
            Override = configuration.GetOrNull(RemoteKeys.Override) is { } over ? OverrideOf(configuration, over) : null,
            Schema = configuration.GetOrNull(RemoteKeys.Schema),
            Watch = configuration.GetOrNull(RemoteKeys.Watch),
            ConsulKey = configuration.GetOrNull(RemoteKeys.ConsulKey),
        }
        : null;

    public static ListenAddress? Infra(ResolvedConfiguration configuration) => configuration.GetOrNull(InfraKeys.Listen) is { } written
        ? ListenAddress.Of(written) is { EndPoint: not null } address ? address : throw ConfigurationReader.Invalid([configuration.Problem(
            InfraKeys.Listen, "This is not a TCP address that can be listened on.", "Write `:9001` or `127.0.0.1:9001`.")])
        : null;

    public static JsonLogRule? JsonLog(ResolvedConfiguration configuration) => configuration.GetOrNull(InfraKeys.LogFile) is { } file
        ? new JsonLogRule
        {
            File = file,
            MaxSizeBytes = configuration.Get(InfraKeys.LogMaxSize),
            Keep = configuration.Get(InfraKeys.LogKeep),
            Compress = configuration.Get(InfraKeys.LogCompress),
            MaxPerSecond = configuration.GetNullable(InfraKeys.LogMaxPerSecond),
            PassEvery = configuration.Get(InfraKeys.LogPassEvery),
        }
        : null;

    /// <summary>As JSON text, whichever way it was written.</summary>
    private static string OverrideOf(ResolvedConfiguration configuration, ConfigValue written)
    {
        var problems = new ProblemList();
        try
        {
            var mapping = written as ConfigMapping ?? JsonReader.ReadRoot(new SourceText(written.Origin, written.ToString()!), problems, CancellationToken.None);
            if (problems.Count == 0)
                return ConfigJson.Write(mapping);
        }
        catch (MalformedSourceException fault)
        {
            problems.Add(fault.Origin, RemoteKeys.Override.Path, fault.Message, fault.Advice);
        }

        throw ConfigurationReader.Invalid([.. problems.Sorted().Select(problem => problem with { Message = $"What is merged over the pushed configuration is no JSON object. {problem.Message}" })]);
    }

    public static RespondRule? Respond(ResolvedConfiguration configuration) =>
        configuration.GetNullable(ServiceKeys.Respond) ?? configuration.Find("service.respond") is not null
            ? new RespondRule
            {
                Status = configuration.Get(ServiceKeys.RespondStatus),
                ContentType = configuration.Get(ServiceKeys.RespondContentType),
                Body = configuration.Get(ServiceKeys.RespondBody),
                RetryAfter = configuration.Get(ServiceKeys.RespondRetryAfter),
            }
            : null;
}
