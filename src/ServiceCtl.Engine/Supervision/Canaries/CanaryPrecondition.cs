using ServiceCtl.Contracts;
using ServiceCtl.Engine.Runners;
using ServiceCtl.Engine.Runners.Registry;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision.Canaries;

/// <summary>Whether a service can have a canary, and what of it can be measured.</summary>
public static class CanaryPrecondition
{
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: its connections can't be shared.</exception>
    public static void Require(ServiceDefinition definition)
    {
        if (FindObstacle(RunnerRegistry.PlanSocket(definition)) is { } obstacle)
        {
            throw new ServiceCtlException(
                ErrorCode.InvalidArgument, definition.Name, $"{definition.Name} can't have a canary: {obstacle}.",
                "Take `canary` out of deploy.yaml, or let the agent open its address, on TCP.");
        }
    }

    /// <returns>Null when new connections can be steered.</returns>
    internal static string? FindObstacle(SocketPlan plan)
    {
        if (plan.Addresses.Count == 0)
            return "it listens nowhere, so there are no connections to share";
        if (!plan.IsHeld)
            return $"its server opens its address itself{(plan.WhyOwn is { } why ? $", {why}" : "")}, so the agent can't steer connections";
        return plan.Addresses.Select(served => served.Address.UnixPath).OfType<string>().FirstOrDefault() is { } path
            ? $"{path} is a Unix socket, and the kernel steers connections of TCP only" : null;
    }

    /// <summary>What of a canary's figures its server does not tell; null for nothing.</summary>
    public static string? FindUnmeasured(ServiceDefinition definition) => definition.Runner switch
    {
        "uwsgi" => null,
        "gunicorn" or "uvicorn" => $"{definition.Runner} does not log how long requests take, so `slower_than` has nothing to go by",
        _ => "requests are counted by the lines of an access log on its output; how long they take is not known",
    };
}
