using System.Globalization;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Messages;
using ServiceCtl.Host.Output;

namespace ServiceCtl.Host.Commands;

/// <summary>The tests of one service, for a person: a line for each, more for those that failed, and the sum.</summary>
internal sealed class TestPage
{
    private readonly string _service;
    private readonly List<PyServiceTestResult> _results = [];
    private ServiceOpening? _opening;

    public TestPage(string service)
    {
        _service = service;
    }

    /// <param name="happened">What has happened.</param>
    /// <param name="isApart">Has another service written since this one did?</param>
    public async Task WriteAsync(ServiceTestEvent happened, bool isApart)
    {
        if (isApart && happened.Result is not null)
            await WriteAsync(new MessageLine(MessageKind.Plain, $"{_service}:"));
        // Comes a second time when the credential had to be asked for.
        if (happened.Opening is not null && _opening is null)
        {
            _opening = happened.Opening;
            await WriteAsync(OperationText.Opening("testing", _opening));
        }

        if (happened.Result is { } result)
        {
            _results.Add(result);
            foreach (var line in Lines(result))
                await WriteAsync(line);
        }

        if (happened.Error is { } error)
            await ConsoleOutput.WriteErrorAsync(error, _opening);
    }

    public async Task WriteEndAsync()
    {
        if (_results.Count == 0)
            return;

        var critical = _results.Count(result => result is { Outcome: ServiceTestOutcome.Failed, Critical: true });
        var tolerated = _results.Count(result => result is { Outcome: ServiceTestOutcome.Failed, Critical: false });
        var time = _results.Aggregate(TimeSpan.Zero, (sum, result) => sum + result.Duration);
        await WriteAsync(new MessageLine(
            critical > 0 ? MessageKind.Error : tolerated > 0 ? MessageKind.Warning : MessageKind.Good,
            $"{_service}: {_results.Count - critical - tolerated} passed, {critical} failed, {tolerated} failed but not critical, after "
                + $"{ConsoleOutput.Text(time)}"));
    }

    private static IEnumerable<MessageLine> Lines(PyServiceTestResult result)
    {
        var time = result.Duration.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);
        var kind = (result.Outcome, result.Critical) switch
        {
            (ServiceTestOutcome.Passed, _) => MessageKind.Good,
            (_, true) => MessageKind.Error,
            _ => MessageKind.Warning,
        };
        var word = kind switch { MessageKind.Good => "passed ", MessageKind.Error => "FAILED ", _ => "warning" };
        yield return new MessageLine(kind, $"  {word} {result.Name} ({time} ms)");
        if (result.Message is { } message)
            yield return new MessageLine(MessageKind.Plain, $"          {message}");
        foreach (var difference in result.Differences)
            yield return new MessageLine(MessageKind.Plain, $"          {difference}");
        // What a test that passed has printed interests nobody; --json and the report have it.
        foreach (var line in result.Outcome == ServiceTestOutcome.Passed ? [] : result.Output?.Split('\n') ?? [])
            yield return new MessageLine(MessageKind.Plain, $"          | {line}");
        if (result.Outcome == ServiceTestOutcome.Failed)
            yield return new MessageLine(MessageKind.Plain, $"          {result.Place}");
    }

    /// <summary>All of it is the report that was asked for, so it goes to standard output.</summary>
    private Task WriteAsync(MessageLine line) => ConsoleOutput.WriteLineAsync(ConsoleOutput.StyleOf(_opening, isError: false).Paint(line));
}
