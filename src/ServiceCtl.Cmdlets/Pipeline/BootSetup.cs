using ServiceCtl.Client;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets.Pipeline;

/// <summary>The agent is to be started at boot: that it is new is a detail, what still keeps it from that a warning.</summary>
internal static class BootSetup
{
    public static async Task EnsureAsync(EngineCall call)
    {
        if (call.Host is { } host)
        {
            foreach (var missing in await HostVerbs.EnsureAtBootAsync(host, call.Cancellation))
                call.WriteWarning(missing);
            return;
        }

        if (!LocalHost.HasServices)
            throw LocalHost.Unsupported();
        var agent = await call.Client.Units.EnsureAtBootAsync(call.Cancellation);
        if (agent is { IsNew: true, Unit: { } unit })
            call.WriteVerbose($"The agent starts at boot: {unit}.");
        if (agent.Problem is { } problem)
            call.WriteWarning(problem);
    }
}
