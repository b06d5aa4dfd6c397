using System.Diagnostics;
using System.Text.Json.Nodes;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Scopes;
using ServiceCtl.Engine.Runners;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Checks;

/// <summary>
/// Runs the unit tests of a service in its own interpreter, folder and environment. One Python process runs them all; only after a test
/// that hangs or takes the process down with it a new one goes on with the rest.
/// </summary>
internal sealed class UnitTester : IAsyncDisposable
{
    /// <summary>
    /// Generations count from 1, so that nobody takes the tests for one. What an agent that died has left of them is ended by the next.
    /// </summary>
    private const int Number = 0;

    /// <summary>How long after its last word the end of a process may be noticed.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    private static readonly Lazy<string> Driver = new(ReadDriver);

    private readonly ServiceDefinition _definition;
    private readonly ProcessScopes _scopes;
    private readonly ExitWatcher _watcher;
    private readonly SecretMask _mask;
    private UnitTestProcess? _process;
    private bool _isIdle;

    public UnitTester(ServiceDefinition definition, ProcessScopes scopes, ExitWatcher watcher, SecretMask mask)
    {
        _definition = definition;
        _scopes = scopes;
        _watcher = watcher;
        _mask = mask;
    }

    /// <exception cref="ServiceCtlException">There is no interpreter or virtualenv to run it in.</exception>
    public async Task<PyServiceTestResult> RunAsync(UnitTest test, CancellationToken cancellation)
    {
        var result = new PyServiceTestResult
        {
            Service = _definition.Name,
            Name = test.Name,
            Kind = ServiceTestKind.Unit,
            Outcome = ServiceTestOutcome.Failed,
            Critical = test.Critical,
            Expected = JsonValues.Text(test.Expected),
            Place = test.Origin.Place,
        };
        var process = _process ??= Start();
        _isIdle = false;
        var begin = Stopwatch.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(test.Limit);
        try
        {
            var answer = await process.RunAsync(test, limit.Token);
            _isIdle = answer is not null;
            result = answer is not null
                ? Judge(result, test, answer)
                : result with { Message = await DescribeSilenceAsync(process, limit.Token) };
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            result = result with
            {
                Message = $"Not done within {test.Limit.TotalSeconds:0.###} s; it was ended with everything it had started."
            };
        }

        result = result with
        {
            Duration = Stopwatch.GetElapsedTime(begin),
            Output = process.ReadOutput() is { } output ? _mask.MaskText(output) : null
        };
        if (!_isIdle)
            await DisposeAsync();
        return result;
    }

    /// <summary>Ends the process, and everything that a test has left running.</summary>
    public async ValueTask DisposeAsync()
    {
        using var process = _process;
        _process = null;
        if (process is not null)
            await process.EndAsync(_isIdle);
    }

    private static async Task<string> DescribeSilenceAsync(UnitTestProcess process, CancellationToken cancellation)
    {
        await Task.WhenAny(process.Exited, Task.Delay(Settling, cancellation));
        return process.Exited.IsCompleted
            ? $"The process ended in the middle of the test ({await process.Exited})."
            : "The process wrote something other than an answer into the test's channel, and was ended.";
    }

    private static PyServiceTestResult Judge(PyServiceTestResult result, UnitTest test, JsonObject answer)
    {
        if (answer["error"] is { } error)
            return result with { Message = $"It ended with an exception: {error.GetValue<string>()}" };

        var actual = answer["value"];
        result = result with { Actual = JsonValues.Text(actual) };
        if (answer["passed"]!.GetValue<bool>())
            return result with { Outcome = ServiceTestOutcome.Passed };

        var differences = JsonDifference.Between(test.Expected, actual);
        return result with
        {
            Message = $"It returned {result.Actual}, not {result.Expected}.",
            // One scalar against another is said in the message already.
            Differences = test.Expected is JsonValue or null ? [] : differences,
        };
    }

    private UnitTestProcess Start()
    {
        ServiceEnvironment.RequireVirtualEnvironment(_definition);
        var environment = new Dictionary<string, string>(ServiceEnvironment.OfPython(_definition));
        string[] added = [.. PythonFolders.Added(_definition)];
        if (added.Length > 0)
            environment["PYTHONPATH"] = string.Join(':',
                [.. added, .. environment.TryGetValue("PYTHONPATH", out var given) ? [given] : Array.Empty<string>()]);
        var scope = _scopes.Create(new ScopeSpec
        {
            Service = _definition.Name,
            Generation = Number,
            Limits = _definition.Limits,
            Sandbox = ServiceSandbox.Of(_definition),
            User = _definition.User,
            FileMask = _definition.FileMask,
        });
        try
        {
            return UnitTestProcess.Start(
                scope,
                new ProcessSpec
                {
                    FileName = PythonInterpreter.Of(_definition, environment),
                    Arguments = ["-c", Driver.Value],
                    Environment = environment,
                    WorkingDirectory = PythonFolders.Working(_definition),
                },
                _watcher);
        }
        catch
        {
            scope.Dispose();
            throw;
        }
    }

    private static string ReadDriver()
    {
        using var reader = new StreamReader(typeof(UnitTester).Assembly.GetManifestResourceStream("unit_driver.py")!);
        return reader.ReadToEnd();
    }
}
