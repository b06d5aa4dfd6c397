using System.Management.Automation;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

/// <summary>One run of the tests of some services, and what came of it.</summary>
internal sealed class TestRun
{
    private readonly Lock _gate = new();
    private readonly List<(string? Host, ServiceTestEvent Event)> _events = [];
    private readonly DateTimeOffset _startedAt = DateTimeOffset.Now;
    private readonly string[] _tests;
    private readonly double? _timeoutSeconds;
    private readonly bool _isQuiet;

    /// <param name="tests">Patterns of tests; all for none.</param>
    /// <param name="timeoutSeconds">Longest time for each test; null for what the files say.</param>
    /// <param name="isQuiet">Results and warnings are not written.</param>
    public TestRun(string[] tests, double? timeoutSeconds, bool isQuiet)
    {
        _isQuiet = isQuiet;
        _tests = tests;
        _timeoutSeconds = timeoutSeconds;
    }

    /// <summary>Services of which nothing was run, because nobody said who asks for the token.</summary>
    public IReadOnlyList<(string? Host, string Service)> WithoutCredential =>
        [.. _events.Where(each => NeedsCredential(each.Event)).Select(each => (each.Host, each.Event.Service))];

    /// <summary>Writes the results as they come; errors are kept for the end.</summary>
    public async Task RunAsync(EngineCall call, string[] services, PSCredential? credential)
    {
        lock (_gate)
            _events.RemoveAll(each => each.Host == call.HostName && services.Contains(each.Event.Service));
        var request = new ServiceTestRequest
        {
            Services = services,
            Include = _tests,
            TimeoutSeconds = _timeoutSeconds,
            User = credential?.UserName,
            Password = credential?.GetNetworkCredential().Password,
        };
        var planned = 0;
        await using var progress = new WorkProgress(call, "Testing services", () => planned);
        await foreach (var happened in call.Client.Tests.RunAsync(request, call.Cancellation))
        {
            lock (_gate)
                _events.Add((call.HostName, happened));
            planned += happened.Planned ?? 0;
            if (happened.Opening is { } opening)
                call.WriteVerbose($"{opening.Service}: {opening}");
            if (happened.Result is not { } result)
                continue;
            progress.CountDone();
            progress.Report(new OperationProgress(result.Service, result.Name));
            if (_isQuiet)
                continue;
            call.WriteObject(result);
            if (result is { Outcome: ServiceTestOutcome.Failed, Critical: false })
                call.WriteWarning($"{result.Service}: {Describe(result)}");
        }
    }

    /// <summary>Did a critical test fail, or could a service not be tested?</summary>
    public bool HasFailed =>
        _events.Exists(each => each.Event.Error is not null
            || each.Event.Result is { Outcome: ServiceTestOutcome.Failed, Critical: true });

    public void WriteReport(string path) => TestVerbs.WriteReport(path, [.. _events.Select(each => each.Event)], _startedAt);

    public void WriteFailures(EngineCall call)
    {
        foreach (var (_, happened) in _events)
        {
            if (happened.Error is { } error)
                call.WriteError(error, happened.Service);
            if (happened.Result is { Outcome: ServiceTestOutcome.Failed, Critical: true } failed)
                call.WriteError(
                    new ErrorReport { Code = ErrorCode.TestFailed, Target = failed.Service, Message = Describe(failed) }, failed);
        }
    }

    private static bool NeedsCredential(ServiceTestEvent happened) => happened.Error is { Code: ErrorCode.CredentialRequired };

    private static string Describe(PyServiceTestResult result) =>
        string.Join("\n  ", [$"The test '{result.Name}' failed ({result.Place}). {result.Message}", .. result.Differences]);
}
