using ServiceCtl.Contracts;
using ServiceCtl.Engine.Failures;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Failures;

namespace ServiceCtl.Engine.Supervision;

/// <summary>How failures of a service end: it is answered for, given up, or serves again.</summary>
internal sealed class FailureOutcomes(SupervisedService service, ServiceAddress address, RuledFailures failures)
{
    /// <returns>Whether clients are answered from now on.</returns>
    public bool Answer(ServiceDefinition definition, FailurePlan plan)
    {
        var instead = failures.AnswerFor(definition, plan);
        if (plan.Wait is not null || instead is not null)
            return address.OpenFallback(definition, instead);
        address.Close();
        return false;
    }

    public void ReportRecovery(ServiceDefinition definition, ServiceEventKind kind, string message)
    {
        var facts = new FailureFacts { Moment = FailureMoment.Recovered };
        var plan = FailurePlan.Nothing(facts, failures.Decide(definition, facts), service.Record.Failure?.Attempt ?? 0);
        var failure = service.Record.Failure is null ? null : failures.Describe(plan, isAnswered: false);
        if (service.Record.Failure is { } last)
            service.Change(record => record with { Failure = last with { NextAt = null, Answered = false } });
        service.ReportFailure(definition, plan, failure, kind, message);
    }

    /// <summary>That it was given up is an event of its own, beside the failure that led to it.</summary>
    /// <returns>What is done then.</returns>
    public FailurePlan ReportGivenUp(ServiceDefinition definition, FailurePlan plan, PyServiceFailure failure, string problem)
    {
        var after = failures.GivenUp(definition, plan);
        if (failures.AnswerFor(definition, after) is { } answer)
            failure = service.Note(failures.Describe(plan, address.OpenFallback(definition, answer)));
        service.ReportFailure(definition, after, failures.Describe(after, failure.Answered), ServiceEventKind.GaveUp, problem);
        return after;
    }
}
