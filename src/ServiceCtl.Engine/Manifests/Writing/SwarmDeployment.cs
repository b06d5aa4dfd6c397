using System.Globalization;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Engine.Manifests.Writing;

/// <summary>How a swarm runs and replaces the tasks of a service.</summary>
internal static class SwarmDeployment
{
    public static ManifestMap Of(ManifestService service, bool hasHostPorts)
    {
        var definition = service.Definition;
        var monitor = ComposeManifest.Duration(definition.Ready.Timeout);
        // Two tasks of one node can't have one port.
        var order = hasHostPorts ? "stop-first" : "start-first";
        return new ManifestMap()
            .Set("replicas", definition.Instances)
            .Set("update_config", new ManifestMap().Set("parallelism", 1).Set("order", order).Set("failure_action", "rollback")
                .Set("monitor", monitor))
            .Set("rollback_config", new ManifestMap().Set("parallelism", 1).Set("order", order).Set("monitor", monitor))
            .Set("restart_policy", new ManifestMap()
                .Set("condition", definition.Restart.When switch
                {
                    RestartWhen.Never => "none",
                    RestartWhen.OnFailure => "on-failure",
                    _ => "any",
                })
                .Set("delay", ComposeManifest.Duration(definition.Restart.Delay)))
            .SetUnlessEmpty("resources", new ManifestMap().SetUnlessEmpty("limits", new ManifestMap()
                .Set("cpus", definition.Limits.CpuPercent is { } percent
                    ? (percent / 100).ToString("0.###", CultureInfo.InvariantCulture) : null)
                .Set("memory", definition.Limits.MemoryBytes is { } bytes ? bytes.ToString(CultureInfo.InvariantCulture) : null)));
    }
}
