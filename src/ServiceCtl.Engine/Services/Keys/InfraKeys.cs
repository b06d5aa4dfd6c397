using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;

namespace ServiceCtl.Engine.Services.Keys;

/// <summary>What others may ask of a service without knowing it: <c>service.infra</c>.</summary>
public static class InfraKeys
{
    internal static KeyList All { get; } = new(
        new SchemaSection("service.infra", "Health and figures for the infrastructure.", IsClosed: true));

    public static SchemaKey<EndpointAddress> Listen { get; } = All.Add(new SchemaKey<EndpointAddress>(
        "service.infra.listen", ConfigTypes.Address,
        "Where the agent answers `/internal/health` and `/internal/metrics` for the service (TCP); what the service itself has under "
            + "`/internal/metrics` is included, as `py_…`.")
    {
        Example = "127.0.0.1:9001",
    });
}
