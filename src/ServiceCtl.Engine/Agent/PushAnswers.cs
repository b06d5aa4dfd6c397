using ServiceCtl.Contracts;
using ServiceCtl.Engine.Remote;
using ServiceCtl.Engine.Services.Rules;
using ServiceCtl.Engine.Supervision;

namespace ServiceCtl.Engine.Agent;

/// <summary>What is said to somebody who has pushed a configuration.</summary>
internal static class PushAnswers
{
    /// <summary>What it would do, or that it would do nothing.</summary>
    public static PyServiceConfigPush Preview(ServiceRecord service, RemoteRule rule, RemoteConfig config, RemoteState state)
    {
        var differences = config.DifferencesFrom(state.Wanted);
        var isNew = !config.IsSameAs(state.Wanted);
        var restarts = config.NeedsRestartAfter(state.Wanted);
        var keys = differences.Count == 1 ? "1 key" : $"{differences.Count} keys";
        var consequence = !restarts ? ", without a restart"
            : service.IsWanted ? ", and restart it" : "; the service is not to run, so that it would count from the next start";
        return new PyServiceConfigPush
        {
            Service = service.Name,
            Path = rule.File,
            Differences = differences,
            NeedsRestart = isNew && restarts,
            Outcome = isNew ? ConfigPushOutcome.Preview : ConfigPushOutcome.Unchanged,
            Message = isNew ? $"It would change {keys} of {service.Name}{consequence}." : $"{service.Name} has this configuration already.",
        };
    }

    /// <summary>What became of it.</summary>
    public static PyServiceConfigPush Final(
        PyServiceConfigPush preview, RemoteConfig config, ServiceRecord service, RemoteState state, PushRefusal? refused)
    {
        if (refused is not null && config.IsSameAs(refused.Config))
        {
            return preview with
            {
                Outcome = refused.IsBack ? ConfigPushOutcome.RolledBack : ConfigPushOutcome.Failed,
                Message =
                    $"{service.Name} did not become ready with it{(refused.IsBack ? ", so the previous one was put back" : "")}. "
                        + $"{refused.Error.Message}",
                Error = refused.Error,
            };
        }

        if (!config.IsSameAs(state.Wanted))
            return preview with
            {
                Outcome = ConfigPushOutcome.Superseded,
                Message = $"A later configuration of {service.Name} took its place."
            };
        return state.IsDue
            ? preview with
            {
                Outcome = ConfigPushOutcome.Written,
                Message = $"The configuration of {service.Name} is written; it counts from its next start."
            }
            : preview with { Outcome = ConfigPushOutcome.Applied, Message = $"{service.Name} runs with it (pid {service.Pid})." };
    }
}
