using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Configuration.Formats;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Configuration.Values;
using ServiceCtl.Engine.Processes.Scopes;
using ServiceCtl.Engine.Services.Failures;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Engine.Services.Rules;

/// <summary>The sub-sections of <c>service:</c>, each made into its rule.</summary>
internal static class ServiceRules
{
    public static ReadinessRule Ready(ResolvedConfiguration configuration)
    {
        var pattern = configuration.GetOrNull(ReadinessKeys.Log)?.ToString();
        var notify = configuration.Get(ReadinessKeys.Notify);
        var delay = configuration.GetNullable(ReadinessKeys.Delay);
        // Whoever says how readiness shows, without naming a page, does not mean /ping.
        var usual = pattern is null && !notify && delay is null ? ProbeKeys.UsualPage : null;
        var path = configuration.GetOrNull(ReadinessKeys.Page.Http) ?? usual;
        return new ReadinessRule
        {
            HttpPath = path,
            Probe = ProbeRules.Of(configuration, ReadinessKeys.Page, path),
            LogPattern = pattern,
            Notify = notify,
            Delay = delay,
            AtLatest = configuration.GetNullable(ReadinessKeys.AtLatest),
            Timeout = configuration.Get(ReadinessKeys.Timeout),
        };
    }

    public static HealthRule? Health(ResolvedConfiguration configuration) =>
        configuration.Find("service.health") is not ConfigMapping health
            || health.Entries.All(entry => $"service.health.{entry.Key}" == HealthKeys.State.Path)
            ? null : new HealthRule
            {
                HttpPath = configuration.GetOrNull(HealthKeys.Page.Http) ?? ProbeKeys.UsualPage,
                Probe = ProbeRules.Of(configuration, HealthKeys.Page, configuration.GetOrNull(HealthKeys.Page.Http) ?? ProbeKeys.UsualPage),
                Interval = configuration.Get(HealthKeys.Interval),
                Timeout = configuration.Get(HealthKeys.Timeout),
                Failures = configuration.Get(HealthKeys.Failures),
            };

    public static RestartRule Restart(ResolvedConfiguration configuration) => new()
    {
        When = configuration.Get(RestartKeys.When),
        Delay = configuration.Get(RestartKeys.Delay),
        Factor = configuration.Get(RestartKeys.Factor),
        MaxDelay = configuration.Get(RestartKeys.MaxDelay),
        GiveUpAfter = configuration.Get(RestartKeys.GiveUp).Count,
        GiveUpWindow = configuration.Get(RestartKeys.GiveUp).Window,
    };

    /// <param name="configuration">The service's, or the host's.</param>
    /// <param name="key">Where its rules are.</param>
    public static IReadOnlyList<FailureRule> OnFailure(
        ResolvedConfiguration configuration, SchemaKey<IReadOnlyList<FailureRule>> key)
    {
        var all = configuration.Get(key);
        FailureRule[] rules = [.. all.Where(rule => rule.Inside is null)];
        if (all.GroupBy(rule => rule.Name).FirstOrDefault(same => same.Key is not null && same.Count() > 1) is { } twice)
            throw Wrong($"Two rules are called `{twice.Key}`.", "Give each its own name.");
        if (key != FailureKeys.Rules && all.FirstOrDefault(rule => rule.Inside is not null) is { } inner)
            throw Wrong($"`layer` is about the inside of a service, which does not read this file. It is at {inner.Place}.",
                "Write the rule into `service.on_failure` of the services that it is for.");
        foreach (var rule in rules.Where(rule => rule.Retry?.Then is not null))
        {
            var then = rules.FirstOrDefault(other => other.Name == rule.Retry!.Then)
                ?? throw Wrong($"No rule is called `{rule.Retry!.Then}`, which {rule.Place} names.", "Correct `then`, or name that rule.");
            if (then.Action is not (FailureAction.Record or FailureAction.Ignore or FailureAction.Stop or FailureAction.Start))
                throw Wrong(
                    $"The rule `{then.Name}` says `do: {then.Verb}`, and {rule.Place} names it for a service that it has given up.",
                    "Let `then` name a rule with `do: record`, `stop` or `{start: NAME}`.");
        }

        if (rules.FirstOrDefault(rule => FailureRuleType.AnswersNobody(rule) && !rules.Any(other => other.Retry?.Then == rule.Name))
            is { } idle)
            throw Wrong($"{FailureRuleType.AnsweredNobody} It is at {idle.Place}.", "Leave it out, or write `do: stop`.");
        return rules;

        ServiceCtlException Wrong(string message, string advice) =>
            ConfigurationReader.Invalid([configuration.Problem(key, message, advice)]);
    }

    public static StopRule Stop(ResolvedConfiguration configuration) => new()
    {
        Mode = configuration.Get(StopKeys.Mode),
        Signal = configuration.Get(StopKeys.Signal).Number,
        Timeout = configuration.Get(StopKeys.Timeout),
    };

    public static ScopeLimits Limits(ResolvedConfiguration configuration) => new()
    {
        MemoryBytes = configuration.GetNullable(LimitKeys.Memory),
        CpuPercent = configuration.GetNullable(LimitKeys.Cpu),
        OpenFiles = configuration.GetNullable(LimitKeys.OpenFiles),
        Processes = configuration.GetNullable(LimitKeys.Processes),
    };

    public static ScopeSandbox Sandbox(ResolvedConfiguration configuration) => new()
    {
        NoNewPrivileges = configuration.GetNullable(SandboxKeys.NoNewPrivileges),
        Capabilities = configuration.GetOrNull(SandboxKeys.Capabilities),
        PrivateTmp = configuration.Get(SandboxKeys.PrivateTmp),
        ProtectHome = configuration.Get(SandboxKeys.ProtectHome),
        ReadOnly = configuration.Get(SandboxKeys.ReadOnly),
    };

    public static LogRule Logs(ResolvedConfiguration configuration) => new()
    {
        MaxSizeBytes = configuration.Get(LogKeys.MaxSize),
        Keep = configuration.Get(LogKeys.Keep),
        Compress = configuration.Get(LogKeys.Compress),
        MaxAge = configuration.GetNullable(LogKeys.MaxAge),
        SyslogPath = configuration.Get(LogKeys.SyslogSocket),
        SyslogSocket = configuration.Get(LogKeys.Syslog) ? configuration.Get(LogKeys.SyslogSocket) : null,
    };

    public static AuthRule Auth(ResolvedConfiguration configuration)
    {
        var isProduction = configuration.Get(AuthKeys.DeployProd);
        return new AuthRule
        {
            IsUsed = configuration.Get(AuthKeys.UsingAuth),
            IsProduction = isProduction,
            Uri = configuration.GetOrNull(isProduction ? AuthKeys.AuthUriProd : AuthKeys.AuthUri),
        };
    }

    /// <param name="configuration">The service's.</param>
    /// <param name="name">What it is called where SERVICE_NAME is not written.</param>
    public static ConsulRule Consul(ResolvedConfiguration configuration, string name)
    {
        var registered = configuration.GetOrNull(RegistrationKeys.ServiceName) ?? name;
        return new ConsulRule
        {
            IsEnabled = configuration.Get(RegistrationKeys.ConsulRegistration),
            IsMentioned = configuration.Get(RegistrationKeys.ConsulRegistration) || configuration.IsSet(RegistrationKeys.ConsulAddress),
            Host = configuration.Get(RegistrationKeys.ConsulAddress),
            Port = configuration.Get(RegistrationKeys.ConsulPort),
            Name = registered,
            Id = configuration.GetOrNull(RegistrationKeys.ServiceId) ?? registered,
            ServiceAddress = configuration.GetOrNull(RegistrationKeys.ServerAddress),
            ServicePort = configuration.GetNullable(RegistrationKeys.ServerPort) ?? configuration.GetNullable(RegistrationKeys.LocalPort),
            Tags = configuration.Get(RegistrationKeys.Tags),
            Ttl = configuration.GetNullable(ConsulKeys.Ttl),
            DeregisterAfter = configuration.GetNullable(ConsulKeys.DeregisterAfter),
            TokenFile = configuration.GetOrNull(ConsulKeys.TokenFile),
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
        File = configuration.GetOrNull(PathKeys.NohupOutLog),
        ColorOnScreen = configuration.Get(MessageKeys.ColorLogsScreen),
        ColorInFile = configuration.Get(MessageKeys.ColorLogsFiles),
    };

    public static string WrapperName(ResolvedConfiguration configuration)
    {
        var name = configuration.Get(PathKeys.NeatScriptName);
        return name is not ("" or "." or "..") && !name.AsSpan().ContainsAny('/', '\n')
            ? name : throw ConfigurationReader.Invalid([configuration.Problem(
            PathKeys.NeatScriptName, $"`{name}` is not the name of a file.",
            "Write a name without a path: the wrapper is made in the service's folder.")]);
    }

    public static RelogRule Relog(ResolvedConfiguration configuration) => new()
    {
        Files = configuration.GetOrNull(RelogKeys.RelogFiles)?.ToString(),
        DeleteAfter = configuration.GetNullable(RelogKeys.DeleteLogsDays) is { } days ? TimeSpan.FromDays(days) : null,
        EmptyFirst = configuration.Get(RelogKeys.DeleteRelogFiles),
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

    public static JsonLogRule? JsonLog(ResolvedConfiguration configuration) => configuration.GetOrNull(JsonLogKeys.File) is { } file
        ? new JsonLogRule
        {
            File = file,
            MaxSizeBytes = configuration.Get(JsonLogKeys.MaxSize),
            Keep = configuration.Get(JsonLogKeys.Keep),
            Compress = configuration.Get(JsonLogKeys.Compress),
            MaxPerSecond = configuration.GetNullable(JsonLogKeys.MaxPerSecond),
            PassEvery = configuration.Get(JsonLogKeys.PassEvery),
        }
        : null;

    /// <summary>As JSON text, whichever way it was written.</summary>
    private static string OverrideOf(ResolvedConfiguration configuration, ConfigValue written)
    {
        var problems = new ProblemList();
        try
        {
            var mapping = written as ConfigMapping ?? JsonReader.ReadRoot(new SourceText(written.Origin, written.ToString()!), problems,
                CancellationToken.None);
            if (problems.Count == 0)
                return ConfigJson.Write(mapping);
        }
        catch (MalformedSourceException fault)
        {
            problems.Add(fault.Origin, RemoteKeys.Override.Path, fault.Message, fault.Advice);
        }

        throw ConfigurationReader.Invalid(
            [.. problems.Sorted()
                .Select(problem =>
                    problem with { Message = $"What is merged over the pushed configuration is no JSON object. {problem.Message}" })]);
    }

    public static RespondRule? Respond(ResolvedConfiguration configuration) =>
        configuration.GetNullable(RespondKeys.Enabled) ?? configuration.Find("service.respond") is not null
            ? new RespondRule
            {
                Status = configuration.Get(RespondKeys.Status),
                ContentType = configuration.Get(RespondKeys.ContentType),
                Body = configuration.Get(RespondKeys.Body),
                RetryAfter = configuration.Get(RespondKeys.RetryAfter),
            }
            : null;
}
