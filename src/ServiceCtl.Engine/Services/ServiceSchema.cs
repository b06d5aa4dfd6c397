using ServiceCtl.Engine.Configuration.Schema;

namespace ServiceCtl.Engine.Services;

/// <summary>All keys of a service's configuration.</summary>
public static class ServiceSchema
{
    public static ConfigurationSchema Schema { get; } = new(
        [.. ServicePyKeys.Sections, .. ServiceKeys.Sections, .. SourceKeys.SchemaSections, .. RemoteKeys.Sections, .. InfraKeys.Sections, .. EnvironmentKeys.Sections],
        [.. ServicePyKeys.All, .. ServiceKeys.All, .. SourceKeys.All, .. RemoteKeys.All, .. InfraKeys.All, .. EnvironmentKeys.All]);
}
