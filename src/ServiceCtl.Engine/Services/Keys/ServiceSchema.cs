using ServiceCtl.Engine.Configuration.Schema;

namespace ServiceCtl.Engine.Services.Keys;

/// <summary>All keys of a service's configuration.</summary>
public static class ServiceSchema
{
    private static readonly KeyList[] Lists =
    [
        PathKeys.All, RegistrationKeys.All, AuthKeys.All, RelogKeys.All, MessageKeys.All, FlaskKeys.All, UwsgiKeys.All, AlertKeys.All,
        ServiceKeys.All, ReadinessKeys.All, HealthKeys.All, RestartKeys.All, FailureKeys.All, StopKeys.All, LogKeys.All, LimitKeys.All,
        RespondKeys.All, ConsulKeys.All, ScheduleKeys.All,
        SourceKeys.All, RemoteKeys.All, InfraKeys.All, JsonLogKeys.All, EnvironmentKeys.All, SandboxKeys.All, ContainerKeys.All,
    ];

    public static ConfigurationSchema Schema { get; } = new(Lists.SelectMany(list => list.Sections), Lists.SelectMany(list => list.Keys));
}
