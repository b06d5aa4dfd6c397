using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Failures;
using ServiceCtl.Engine.Logs.Reading;
using ServiceCtl.Engine.Logs.Relog;
using ServiceCtl.Engine.Runners;
using ServiceCtl.Engine.Services.Failures;

namespace ServiceCtl.Engine.Supervision;

/// <summary>
/// Looks for the lines and exceptions that a service's rules are about, as long as a generation serves. It reads the log file, so that
/// nobody who prints waits for it, and sleeps while nothing is printed.
/// </summary>
internal sealed class LogWatch : IDisposable
{
    private readonly SupervisionContext _context;
    private readonly Generation _generation;
    private readonly IReadOnlyList<FailureRule> _rules;
    private readonly string _path;
    private readonly LineFollower? _lines;
    private readonly RelogSession? _exceptions;
    private readonly Dictionary<string, long> _known = [];

    public LogWatch(SupervisionContext context, Generation generation)
    {
        var definition = generation.Definition;
        _context = context;
        _generation = generation;
        _rules = context.RulesOf(definition);
        _path = definition.ServerLog ?? context.OutputFileOf(definition.Name);
        var user = definition.ServerLog is null ? null : definition.Actor;
        // What a generation before this one has printed is in the file by then.
        generation.Main.Output.Drain();
        if (_rules.Any(rule => rule.Match.NeedsExceptions))
        {
            var plan = new RelogPlan { Service = definition.Name, User = user };
            _exceptions = new RelogSession(
                definition.ServerLog is null ? plan with { CapturedLog = _path } : plan with { Logs = [_path] }, context.Time);
            _exceptions.SkipToEnd(0);
        }

        // Last: it holds a file, and nobody would close that if the other one could not be read.
        if (_rules.Any(rule => rule.Match is { Log: not null, NeedsLog: true }))
            _lines = new LineFollower(_path, user);
    }

    public void Dispose() => _lines?.Dispose();

    /// <summary>Runs until the generation is no longer watched.</summary>
    /// <exception cref="ServiceCtlException">Its log can't be watched.</exception>
    public Task RunAsync(Action<FailureFacts> report, CancellationToken cancellation) => ChangeLoop.RunAsync(
        _context.Changes, _path, _context.Time, () => Task.FromResult(Look(report, cancellation)), cancellation);

    /// <returns>Whether an exception has begun whose end may be there in a moment.</returns>
    private bool Look(Action<FailureFacts> report, CancellationToken cancellation)
    {
        foreach (var facts in FindLines(cancellation))
            report(facts);
        _exceptions?.Update(cancellation);
        foreach (var group in _exceptions?.Groups.Where(group => !group.IsIncident) ?? [])
        {
            var known = _known.GetValueOrDefault(group.Key);
            if (group.Total > known)
                report(FactsOf(group, group.Total - known));
            _known[group.Key] = group.Total;
        }

        return _exceptions?.IsPending == true;
    }

    private FailureFacts FactsOf(ExceptionGroup group, long count)
    {
        var definition = _generation.Definition;
        var place = PythonFailure.Find(Encoding.UTF8.GetString(group.Traceback).Split('\n'), definition.Folder);
        return new FailureFacts
        {
            Exception = group.Type,
            Modules = PythonModule.Of(definition, group.Type, place),
            Count = (int)Math.Min(count, int.MaxValue),
        };
    }

    /// <summary>One for each rule that lines are about: a storm of lines is not one of failures.</summary>
    private IEnumerable<FailureFacts> FindLines(CancellationToken cancellation)
    {
        var found = new Dictionary<int, (int Count, string Last)>();
        _lines?.Read(line =>
        {
            cancellation.ThrowIfCancellationRequested();
            for (var index = 0; index < _rules.Count; index++)
            {
                if (_rules[index].Match is not { Log: { } pattern, NeedsLog: true } || !pattern.IsMatch(line))
                    continue;
                found[index] = (found.GetValueOrDefault(index).Count + 1, line);
                return;
            }
        });
        return found.OrderBy(pair => pair.Key).Select(pair => new FailureFacts
        {
            Lines = [_generation.Definition.Mask.MaskText(pair.Value.Last)],
            Count = pair.Value.Count,
        });
    }
}
