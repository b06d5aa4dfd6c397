using System.Globalization;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Health;
using ServiceCtl.Engine.Runners;

namespace ServiceCtl.Engine.Supervision;

/// <summary>
/// Asks a generation that is ready, over connections of its own, for what a release has to show before it serves. Whoever served so far
/// has to live on meanwhile: its end is the end of the proof, so that it comes back at once.
/// </summary>
internal sealed class ReleaseProof
{
    private const int LinesOfFailure = 40;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly ReleaseOrder _release;
    private readonly Generation _candidate;

    public ReleaseProof(ReleaseOrder release, Generation candidate, TimeProvider time)
    {
        _release = release;
        _candidate = candidate;
        _time = time;
    }

    private string Service => _candidate.Definition.Name;

    /// <param name="old">What serves; null for nothing.</param>
    /// <param name="step">Hears of the steps.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Warnings.</returns>
    /// <exception cref="ServiceCtlException">It has not shown what it has to.</exception>
    public async Task<IReadOnlyList<string>> RunAsync(Generation? old, Action<string> step, CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var work = ShowAsync(step, ended.Token);
        var ends = _candidate.Instances.Select(instance => (Task)instance.Process.Exited)
            .Concat(old?.Instances.Select(instance => (Task)instance.Process.Exited) ?? []).ToArray();
        await Task.WhenAny([work, .. ends]);
        var isCutShort = !work.IsCompleted;
        if (isCutShort)
            await ended.CancelAsync();
        try
        {
            var warnings = await work;
            if (Find(_candidate) is null && Find(old) is null)
                return warnings;
        }
        catch (OperationCanceledException) when (isCutShort && !cancellation.IsCancellationRequested)
        {
            // Said below.
        }

        throw await EndedAsync(old);
    }

    private async Task<IReadOnlyList<string>> ShowAsync(Action<string> step, CancellationToken cancellation)
    {
        var warnings = new List<string>();
        var pages = _release.Checks.Pages ?? [];
        var hold = TimeSpan.FromSeconds(Math.Max(0, _release.Checks.HoldSeconds));
        if (pages.Count > 0)
            step($"Checking {string.Join(", ", pages.Select(page => page.Path))}");
        await AskAsync(pages, cancellation);
        if (_release.Checks.Tests is { Count: > 0 } tests)
        {
            step($"Running its tests ({string.Join(", ", tests)})");
            warnings.AddRange(await _release.TestAsync(_candidate.Definition, _candidate.OwnSite, cancellation));
        }

        if (hold > TimeSpan.Zero)
            step(string.Create(CultureInfo.InvariantCulture, $"Watching it for {hold.TotalSeconds:0.#} s"));
        for (var begin = _time.GetTimestamp(); hold - _time.GetElapsedTime(begin) is var left && left > TimeSpan.Zero;)
        {
            await Task.Delay(left < Pause ? left : Pause, _time, cancellation);
            await AskAsync(pages, cancellation);
        }

        return warnings;
    }

    private async Task AskAsync(IReadOnlyList<ReleasePage> pages, CancellationToken cancellation)
    {
        foreach (var page in pages)
        {
            var rule = _candidate.Definition.Ready.Probe;
            if (page.Status is { } status)
                rule = rule with { Statuses = [new StatusRange(status, status)] };
            using var probe = Probes.Create(_candidate.OwnSite, page.Path, rule, ReadinessGate.ProbeTimeout)
                ?? throw Failed(ErrorCode.InvalidArgument, $"it listens nowhere, so {page.Path} can't be asked for", "Leave the page out.");
            var answer = await probe.AskAsync(cancellation);
            if (!answer.Good)
            {
                throw Failed(
                    ErrorCode.NotReady, $"{answer.Words}{(page.Status is { } wanted ? $", not {wanted}" : "")}",
                    "Its last log lines are in this error; those of the release that serves may be among them.");
            }
        }
    }

    private static Instance? Find(Generation? generation) => generation?.Instances.FirstOrDefault(instance => instance.HasEnded);

    private async Task<ServiceCtlException> EndedAsync(Generation? old)
    {
        if (Find(_candidate) is { } ended)
        {
            var report = await ended.ReportAsync(_time.GetLocalNow(), expected: false);
            return Failed(ErrorCode.ExitedEarly, $"it ended while it was checked ({report}, pid {report.Pid})", "Its last words tell why.");
        }

        return Failed(
            ErrorCode.InvalidState, $"what serves ({old!.Definition.Folder}) ended by itself meanwhile, and is brought back first",
            "Give the order again.");
    }

    private ServiceCtlException Failed(ErrorCode code, string reason, string advice) => new(new ErrorReport
    {
        Code = code,
        Target = Service,
        Message = $"Release {_release.Name} of {Service} was not taken: {reason}. {_release.Place.Link} was not touched.",
        Advice = advice,
        LogLines = _candidate.Main.ReadLastLines(LinesOfFailure),
    });
}
