using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners.Uwsgi;

/// <summary>
/// Imports the service's code in a second uWSGI with <c>no-server</c>: the real loader, plugins, paths and <c>uwsgi</c> module,
/// but no socket, pid file, log or hook of the running one. A master that reloads broken code under <c>need-app</c> dies; this comes
/// before.
/// </summary>
internal sealed class UwsgiCodeCheck
{
    private const int LongestFile = 1 << 20;

    private readonly ServiceDefinition _definition;
    private readonly UwsgiLaunch _launch;
    private readonly UwsgiConfigFile _file;
    private readonly ExitWatcher _watcher;
    private readonly TimeProvider _time;

    public UwsgiCodeCheck(ServiceDefinition definition, UwsgiLaunch launch, UwsgiConfigFile file, ExitWatcher watcher, TimeProvider time)
    {
        _definition = definition;
        _launch = launch;
        _file = file;
        _watcher = watcher;
        _time = time;
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("servicectl-check-").FullName;
        try
        {
            var config = Path.Combine(folder, "uwsgi.ini");
            await File.WriteAllTextAsync(config, Text(GeneratedLines()), cancellation);
            if (_definition.User is { } user)
            {
                FileOwner.Set(config, user);
                File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | FileOwner.Passage);
            }

            var output = await RunAsync(config, cancellation);
            Judge(output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What was generated lies in a folder of the service's user by now.</summary>
    private string[] GeneratedLines() => Encoding.UTF8.GetString(UserFiles.ReadAll(_definition.User, _file.Path, LongestFile)).Split('\n');

    /// <summary>
    /// The lines of the generated file that bear on loading, with the placeholders for its name resolved to the original's.
    /// </summary>
    internal string Text(IEnumerable<string> lines)
    {
        var text = new StringBuilder("[uwsgi]\nno-server = true\n");
        foreach (var line in lines)
        {
            var key = line.Split('=')[0].Trim();
            if (UwsgiApplication.AffectsLoading(key) || UwsgiPlaceholders.IsName(_definition.Uwsgi, key))
                text.Append(ResolvePlaceholders(line)).Append('\n');
        }

        return text.ToString();
    }

    private string ResolvePlaceholders(string line)
    {
        var text = new StringBuilder();
        for (var i = 0; i < line.Length; i++)
        {
            var replacement = line[i] != '%' || i + 1 == line.Length ? null : line[i + 1] switch
            {
                '%' => "%%",
                'p' => _file.Path,
                'd' => Path.GetDirectoryName(_file.Path) + "/",
                's' => Path.GetFileName(_file.Path),
                'n' => Path.GetFileNameWithoutExtension(_file.Path),
                'c' => Path.GetFileName(Path.GetDirectoryName(_file.Path)),
                _ => null,
            };
            text.Append(replacement ?? line[i].ToString());
            if (replacement is not null)
                i++;
        }

        return text.ToString();
    }

    private async Task<string[]> RunAsync(string config, CancellationToken cancellation)
    {
        try
        {
            var run = await ProgramRun.RunAsync(
                _launch.FileName, ["--ini", config], _launch.Environment, _definition, _definition.Ready.Timeout, _watcher, _time,
                cancellation,
                Path.GetDirectoryName(config));
            return run.Lines;
        }
        catch (TimeoutException error)
        {
            throw new ServiceCtlException(
                ErrorCode.ImportFailed, _definition.Name,
                $"The code of {_definition.Name} was not imported within {_definition.Ready.Timeout.TotalSeconds:0.#} s; the running "
                    + "workers were left alone.",
                "Something waits at import time; raise service.ready.timeout if it has to.", error);
        }
    }

    private static bool IsConsequence(string line) =>
        line.StartsWith("unable to load app", StringComparison.Ordinal) || line.StartsWith("failed to compile", StringComparison.Ordinal);

    private void Judge(string[] output)
    {
        var failure = Array.FindIndex(output,
            line => line.StartsWith("unable to load app", StringComparison.Ordinal)
                || line.Contains("unrecognized option", StringComparison.Ordinal));
        if (failure < 0 && Array.Exists(output, line => line.StartsWith("no-server mode requested", StringComparison.Ordinal)))
            return;

        var start = Math.Max(0, Array.FindIndex(output, line => line.StartsWith("*** Operational MODE", StringComparison.Ordinal)) + 1);
        var said = output[start..(failure < 0 ? output.Length : failure + 1)];
        var cause = PythonFailure.Find(said, _definition.Folder)?.ToString()
            ?? said.LastOrDefault(line => line.Length > 0 && !char.IsWhiteSpace(line[0]) && !IsConsequence(line));
        throw new ServiceCtlException(new ErrorReport
        {
            Code = ErrorCode.ImportFailed,
            Target = _definition.Name,
            Message =
                $"The code of {_definition.Name} can't be imported: {cause ?? "uWSGI gave no reason"}. The running workers were "
                    + "left alone.",
            Advice = "Mend the code, then order it again.",
            LogLines = said,
        });
    }
}
