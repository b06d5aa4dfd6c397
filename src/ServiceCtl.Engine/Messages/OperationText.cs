using System.Globalization;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Messages;

/// <summary>What is said about an operation, the same on a screen and in a file.</summary>
public static class OperationText
{
    /// <summary>The line before anything is done.</summary>
    public static MessageLine Opening(string verb, ServiceOpening opening) =>
        new(MessageKind.Plain, $"{opening.Service}: {verb} begins; {opening}");

    /// <summary>The line after everything was done.</summary>
    public static MessageLine Closing(OperationResult result)
    {
        var verb = Verb(result.Action);
        var time = result.Duration.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        return result.Outcome switch
        {
            OperationOutcome.Done => new(MessageKind.Good, $"{result.Service}: {verb} done after {time} s"),
            OperationOutcome.Unchanged => new(MessageKind.Plain, $"{result.Service}: nothing to {verb}"),
            _ => new(MessageKind.Error, $"{result.Service}: {verb} failed after {time} s"),
        };
    }

    /// <summary>What became of it: the outcome, warnings, or the error with all that belongs to it.</summary>
    public static IEnumerable<MessageLine> Of(OperationResult result) =>
        [
            .. result.Error is { } error ? Of(error)
                : [new MessageLine(result.Outcome == OperationOutcome.Done ? MessageKind.Good : MessageKind.Plain,
                    From(result.HostName) + result.Message)],
            .. result.Warnings.Select(warning => new MessageLine(MessageKind.Warning, $"warning: {From(result.HostName)}{warning}")),
        ];

    public static IEnumerable<MessageLine> Of(ErrorReport error)
    {
        yield return new MessageLine(MessageKind.Error, $"error: {From(error.HostName)}{error.Message}");
        var problems = error.ListProblems().ToList();
        foreach (var problem in problems)
            yield return new MessageLine(MessageKind.Error, $"  {problem}");
        foreach (var line in error.LogLines)
            yield return new MessageLine(MessageKind.Plain, $"  | {line}");
        if (error.Advice is { } advice && problems.All(problem => problem.Advice != advice))
            yield return new MessageLine(MessageKind.Plain, $"  {advice}");
    }

    /// <summary>What another host says begins with its name.</summary>
    private static string From(string? host) => host is null ? "" : $"{host}: ";

    /// <summary>The word of the command line.</summary>
    public static string Verb(ServiceAction action) => action switch
    {
        ServiceAction.HotRestart => "hot_restart",
        ServiceAction.SwitchRelease => "switch",
        _ => action.ToString().ToLowerInvariant(),
    };
}
