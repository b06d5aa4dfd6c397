using System.Threading.Channels;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Git;
using ServiceCtl.Engine.Messages;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Rules;
using ServiceCtl.Engine.Supervision;

namespace ServiceCtl.Engine.Agent;

/// <summary>One order to one service: what is said before, between and after it, and where that is kept.</summary>
public sealed partial class ServiceAgent
{
    /// <summary>An order, a stop above all, does not wait for a git checkout on a file system that hangs.</summary>
    private static readonly TimeSpan RevisionLimit = TimeSpan.FromMilliseconds(500);

    private readonly GitReader _git = new(TimeProvider.System);

    /// <param name="supervisor">The service's.</param>
    /// <param name="request">The order.</param>
    /// <param name="isOnly">Is it to this service alone? Then the answer begins with the commit.</param>
    /// <param name="events">Hears of every step.</param>
    /// <param name="cancellation">Withdraws the order.</param>
    private async Task<OperationResult> OperateAsync(
        Supervisor supervisor, OperationRequest request, bool isOnly, ChannelWriter<OperationEvent> events, CancellationToken cancellation)
    {
        var opening = await OpenAsync(supervisor.Record, isOnly, cancellation);
        // Of many services, only what differs from the usual is reported.
        if (isOnly || !opening.UsesColor)
            events.TryWrite(new OperationEvent { Opening = opening });
        var journal = new OperationJournal(_time);
        journal.Add(OperationText.Opening(OperationText.Verb(request.Action), opening));
        return await ExecuteAsync(supervisor, request, journal, events, cancellation);
    }

    private async Task<OperationResult> ExecuteAsync(
        Supervisor supervisor, OperationRequest request, OperationJournal journal, ChannelWriter<OperationEvent> events,
        CancellationToken cancellation, ReleaseOrder? release = null)
    {
        var limit = request.TimeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
        var name = supervisor.Record.Name;
        var warnings = await _consul.PrepareAsync(name, _definitions.GetValueOrDefault(name), request);
        var steps = new StepWriter(journal, request.NoWait ? null : events);
        var result = release is null
            ? await supervisor.OrderAsync(request.Action, limit, steps, cancellation)
            : await supervisor.SwitchReleaseAsync(release, limit, steps, cancellation);
        result = result with { Warnings = [.. warnings, .. result.Warnings] };
        if (request.Action is ServiceAction.Stop && result.Outcome != OperationOutcome.Failed)
            await _schedules.EndRunsAsync(name);
        foreach (var line in OperationText.Of(result))
            journal.Add(line);
        journal.Add(OperationText.Closing(result));
        // Who has been answered may rely on it, whatever becomes of this agent.
        await _catalog.SavedAsync();
        var problem = await journal.SaveAsync(MessagesOf(result.Service), _definitions.GetValueOrDefault(result.Service)?.Actor);
        return problem is null ? result : result with { Warnings = [.. result.Warnings, problem] };
    }

    /// <summary>The commit is read where somebody sees it: it costs milliseconds, and many services may be ordered at once.</summary>
    private async Task<ServiceOpening> OpenAsync(
        ServiceRecord record, bool isOnly, CancellationToken cancellation, string? folder = null)
    {
        var messages = MessagesOf(record.Name);
        var opening = new ServiceOpening { Service = record.Name, UsesColor = messages.ColorOnScreen };
        if (!isOnly && messages.File is null)
            return opening;

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(RevisionLimit);
        try
        {
            var reading = await _git.ReadAsync(folder ?? ServiceSources.FolderOf(record.ConfigPath), limit.Token);
            return opening with { Revision = reading.Revision, Problem = reading.Problem };
        }
        catch (OperationCanceledException)
        {
            return opening with { Problem = $"the commit could not be read within {RevisionLimit.TotalSeconds} s" };
        }
    }

    /// <summary>As its configuration said when it was last read.</summary>
    private MessageRule MessagesOf(string service) => _definitions.GetValueOrDefault(service)?.Messages ?? new MessageRule();

    /// <summary>Not <see cref="Progress{T}"/>, which would report on other threads, and after the result.</summary>
    private sealed class StepWriter(OperationJournal journal, ChannelWriter<OperationEvent>? events) : IProgress<OperationProgress>
    {
        public void Report(OperationProgress value)
        {
            journal.Add(new MessageLine(MessageKind.Plain, $"  {value.Service}: {value.Step}"));
            events?.TryWrite(new OperationEvent { Progress = value });
        }
    }
}
