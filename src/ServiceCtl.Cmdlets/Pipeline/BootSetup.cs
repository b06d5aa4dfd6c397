namespace ServiceCtl.Cmdlets.Pipeline;

/// <summary>The agent is to be started at boot: that it is new is a detail, what still keeps it from that a warning.</summary>
internal static class BootSetup
{
    public static async Task EnsureAsync(EngineCall call)
    {
        if (call.HostName is { } host)
        {
            call.WriteWarning(
                $"Whether the agent on {host} itself starts at boot is set there: 'ssh {host} servicectl enable NAME' sees to it.");
            return;
        }

        var agent = await call.Client.Units.EnsureAtBootAsync(call.Cancellation);
        if (agent is { IsNew: true, Unit: { } unit })
            call.WriteVerbose($"The agent starts at boot: {unit}.");
        if (agent.Problem is { } problem)
            call.WriteWarning(problem);
    }
}
