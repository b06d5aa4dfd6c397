using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Runners.Gunicorn;

/// <summary>
/// Loads the service's application in a second gunicorn that prints its settings and ends. A master that reloads broken code ends with
/// its first worker; this comes before.
/// </summary>
internal sealed class GunicornCodeCheck
{
    private readonly LaunchRequest _request;
    private readonly PythonInterpreter _python;
    private readonly ExitWatcher _watcher;
    private readonly TimeProvider _time;

    public GunicornCodeCheck(LaunchRequest request, PythonInterpreter python, ExitWatcher watcher, TimeProvider time)
    {
        _request = request;
        _python = python;
        _watcher = watcher;
        _time = time;
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        var definition = _request.Definition;
        var environment = ServiceEnvironment.OfPython(definition);
        var server = await _python.FindServerAsync(definition, environment, GunicornOptions.Package, "gunicorn", cancellation);
        try
        {
            var run = await ProgramRun.RunAsync(
                server.FileName, [.. server.Leading, .. new GunicornOptions(_request).Checking()], environment, definition,
                definition.Ready.Timeout, _watcher, _time, cancellation);
            Judge(run);
        }
        catch (TimeoutException error)
        {
            throw new ServiceCtlException(
                ErrorCode.ImportFailed, definition.Name,
                $"The code of {definition.Name} was not imported within {definition.Ready.Timeout.TotalSeconds:0.#} s; the running workers "
                    + "were left alone.",
                "Something waits at import time; raise service.ready.timeout if it has to.", error);
        }
    }

    private void Judge(ProgramRun run)
    {
        var name = _request.Definition.Name;
        if (run.Lines.Any(IsPreload))
        {
            throw new ServiceCtlException(
                ErrorCode.InvalidState, name,
                $"{name} can't be hot-restarted: with preload_app gunicorn's master keeps the code that it has loaded at its start.",
                "Restart it instead, or take preload_app out of its settings.");
        }

        if (run.Exit.Code == 0)
            return;

        var said = run.Lines[(Array.FindIndex(run.Lines, line => line.StartsWith("Error while loading", StringComparison.Ordinal)) + 1)..];
        var cause = PythonFailure.Find(said, _request.Definition.Folder)?.ToString()
            ?? said.LastOrDefault(line => line.Length > 0 && !char.IsWhiteSpace(line[0]));
        throw new ServiceCtlException(new ErrorReport
        {
            Code = ErrorCode.ImportFailed,
            Target = name,
            Message = $"The code of {name} can't be imported: {cause ?? "gunicorn gave no reason"}. The running workers were left alone.",
            Advice = "Mend the code, then order it again.",
            LogLines = said,
        });
    }

    /// <summary>As <c>preload_app = True</c>, with the name padded to a column.</summary>
    private static bool IsPreload(string line) =>
        line.Split('=', 2, StringSplitOptions.TrimEntries) is ["preload_app", "True"];
}
