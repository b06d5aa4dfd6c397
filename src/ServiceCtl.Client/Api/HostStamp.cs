using ServiceCtl.Contracts;

namespace ServiceCtl.Client.Api;

/// <summary>Records of another host say which one it is: as it was asked for, whatever the host itself writes there.</summary>
internal static class HostStamp
{
    /// <param name="value">What an agent has answered.</param>
    /// <param name="host">Null for this host.</param>
    public static T Of<T>(T value, string? host) => host is null ? value : (T)Stamped(value!, host);

    private static object Stamped(object value, string host) => value switch
    {
        PyService service => service with { HostName = host },
        PyServiceStatus status => status with { HostName = host },
        IReadOnlyList<PyService> services => services.Select(service => service with { HostName = host }).ToArray(),
        IReadOnlyList<PyServiceStatus> all => all.Select(status => status with { HostName = host }).ToArray(),
        LogLine line => line with { HostName = host },
        ServiceEvent happened => happened with { HostName = host },
        ErrorReport error => error with { HostName = host },
        OperationResult result => result with
        {
            HostName = host,
            After = result.After is { } after ? after with { HostName = host } : null,
            Error = result.Error is { } error ? error with { HostName = host } : null,
        },
        OperationEvent { Result: { } result } happened => happened with { Result = Of(result, host) },
        ServiceTestEvent { Error: { } error } happened => happened with { Error = Of(error, host) },
        _ => value,
    };
}
