using ServiceCtl.Engine.Configuration;
using ServiceCtl.Engine.Processes;

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
        var path = pattern is null && !notify && delay is null ? ReadinessRule.DefaultHttpPath : null;
        return new ReadinessRule
        {
            HttpPath = configuration.GetOrNull(ServiceKeys.ReadyHttp) ?? path,
            LogPattern = pattern,
            Notify = notify,
            Delay = delay,
            Timeout = configuration.Get(ServiceKeys.ReadyTimeout),
        };
    }

    public static HealthRule? Health(ResolvedConfiguration configuration) => configuration.Find("service.health") is null ? null : new HealthRule
    {
        HttpPath = configuration.GetOrNull(ServiceKeys.HealthHttp) ?? ReadinessRule.DefaultHttpPath,
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
