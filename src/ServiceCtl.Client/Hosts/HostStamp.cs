using ServiceCtl.Contracts;

namespace ServiceCtl.Client.Hosts;

/// <summary>Records of another host say which one it is: as it was asked for, whatever the host itself writes there.</summary>
internal static class HostStamp
{
    /// <param name="value">What an agent has answered.</param>
    /// <param name="host">Null for this host.</param>
    public static T Of<T>(T value, string? host) => host is null ? value : (T)Stamped(value!, host);

    private static object Stamped(object value, string host) => value switch
    {
        PyService service => service with { HostName = host },
        PyServiceStatus status => Stamped(status, host),
        IReadOnlyList<PyService> services => services.Select(service => service with { HostName = host }).ToArray(),
        IReadOnlyList<PyServiceStatus> all => all.Select(status => Stamped(status, host)).ToArray(),
        PyServiceSchedule schedule => schedule with { HostName = host },
        IReadOnlyList<PyServiceSchedule> schedules => schedules.Select(schedule => schedule with { HostName = host }).ToArray(),
        IReadOnlyList<PyServiceAlert> alerts => alerts.Select(alert => alert with { HostName = host }).ToArray(),
        IReadOnlyList<PyServiceAlertTest> tests => tests.Select(test => test with { HostName = host }).ToArray(),
        LogLine line => line with { HostName = host },
        ServiceEvent happened => happened with
        {
            HostName = host,
            Failure = happened.Failure is { } failure ? failure with { HostName = host } : null,
            Error = happened.Error is { } error ? error with { HostName = host } : null,
        },
        ErrorReport error => error with { HostName = host },
        OperationResult result => result with
        {
            HostName = host,
            After = result.After is { } after ? after with { HostName = host } : null,
            Error = result.Error is { } error ? error with { HostName = host } : null,
        },
        OperationEvent { Result: { } result } happened => happened with { Result = Of(result, host) },
        ServiceTestEvent happened => happened with
        {
            Result = happened.Result is { } result ? result with { HostName = host } : null,
            Error = happened.Error is { } error ? Of(error, host) : null,
        },
        PyServiceConfigPush push => push with
        {
            HostName = host,
            Error = push.Error is { } error ? error with { HostName = host } : null,
        },
        PyServiceModuleAddress address => address with { HostName = host },
        IReadOnlyList<PyServiceModuleAddress> addresses => addresses.Select(address => address with { HostName = host }).ToArray(),
        AgentInfo agent => agent with { HostName = host },
        IReadOnlyList<ServiceSetting> settings => settings.Select(setting => Stamped(setting, host)).ToArray(),
        IReadOnlyList<ServiceConfigCheck> checks => checks.Select(check => check with
        {
            HostName = host,
            Settings = [.. check.Settings.Select(setting => Stamped(setting, host))],
        }).ToArray(),
        IReadOnlyList<PyServiceEnvironment> made => made.Select(environment => environment with { HostName = host }).ToArray(),
        IReadOnlyList<PyServiceWrapper> wrappers => wrappers.Select(wrapper => wrapper with { HostName = host }).ToArray(),
        IReadOnlyList<PyServiceImageFile> files => files.Select(file => file with { HostName = host }).ToArray(),
        IReadOnlyList<PyServiceImageBuild> builds => builds.Select(build => build with { HostName = host }).ToArray(),
        IReadOnlyList<PyServiceImage> images => images.Select(image => image with { HostName = host }).ToArray(),
        IReadOnlyList<PyServiceContainer> containers => containers.Select(one => one with { HostName = host }).ToArray(),
        IReadOnlyList<PyServiceManifest> manifests => manifests.Select(manifest => manifest with { HostName = host }).ToArray(),
        IReadOnlyList<PyServiceUnit> units => units.Select(unit => unit with { HostName = host }).ToArray(),
        IReadOnlyList<PyServiceFailureRule> rules => rules.Select(rule => rule with { HostName = host }).ToArray(),
        IReadOnlyList<PyServiceFailureDecision> decisions => decisions.Select(decision => decision with { HostName = host }).ToArray(),
        RelogEvent relog => relog with
        {
            Report = relog.Report is { } report
                ? report with { HostName = host, Groups = [.. report.Groups.Select(each => each with { HostName = host })] } : null,
            Error = relog.Error is { } error ? Of(error, host) : null,
        },
        _ => value,
    };

    private static PyServiceStatus Stamped(PyServiceStatus status, string host) => status with
    {
        HostName = host,
        Failure = status.Failure is { } failure ? failure with { HostName = host } : null,
        Modules = [.. status.Modules.Select(module => module with { HostName = host })],
    };

    private static ServiceSetting Stamped(ServiceSetting setting, string host) => setting with
    {
        HostName = host,
        Overridden = [.. setting.Overridden.Select(lower => Stamped(lower, host))],
    };
}
