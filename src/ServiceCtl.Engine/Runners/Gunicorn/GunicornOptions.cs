using System.Globalization;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners.Gunicorn;

/// <summary>
/// gunicorn's command line: what <c>service.command</c> gives, then what running under the agent needs. The command line wins over a
/// configuration file.
/// </summary>
internal sealed class GunicornOptions
{
    public const string Package = "gunicorn";

    private readonly LaunchRequest _request;
    private readonly ServerOptions _options;

    public GunicornOptions(LaunchRequest request)
    {
        _request = request;
        _options = new ServerOptions(request.Definition, Package);
    }

    /// <summary>A socket of this generation alone: whoever answers there is this launch.</summary>
    public string ProbeSocket => Path.Combine(_request.RunFolder, "probe");

    private ServiceDefinition Definition => _request.Definition;

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigInvalid"/>.</exception>
    public IReadOnlyList<string> Launching()
    {
        if (GunicornBinds.AddressesOf(Definition).Count == 0)
        {
            throw new ServiceCtlException(
                ErrorCode.ConfigInvalid, Definition.Name,
                $"Nothing says where {Definition.Name} listens"
                    + $"{(GunicornBinds.IsCode(Definition) ? ": what its configuration file says in bind is code, or no address of this machine" : "")}.",
                $"Set service.listen in {Definition.ConfigPath}.");
        }

        _options.Refuse(Definition, "service.listen says where it listens", "--bind", "-b");
        _options.Refuse(Definition, "the agent looks after it in the foreground", "--daemon", "-D");
        _options.Refuse(Definition, "pid_file names the file", "--pid", "-p");
        if (Definition.App is null && _options.Words.Count == 0)
        {
            throw new ServiceCtlException(
                ErrorCode.ConfigInvalid, Definition.Name, $"Nothing says what {Definition.Name} serves: service.app is missing.",
                $"Write it into {Definition.ConfigPath}, as 'app: app:app'.");
        }

        return [.. _options.Words, .. Additions(), .. App()];
    }

    /// <summary>Prints the settings, loads the application and ends.</summary>
    public IReadOnlyList<string> Checking() => [.. _options.Words, "--print-config", .. App()];

    private IEnumerable<string> Additions()
    {
        // Passed sockets are named in the environment: their names would be unlinked at the end if --bind gave them (sock.close_sockets).
        if (!_request.HasSocket)
        {
            foreach (var address in GunicornBinds.AddressesOf(Definition))
            {
                yield return "--bind";
                yield return address.UnixPath is { } path ? $"unix:{path}" : address.ToString();
            }

            yield return "--bind";
            yield return $"unix:{ProbeSocket}";
        }

        yield return "--pid";
        yield return _request.PidFile;
        if (Definition.Instances > 1 && !_options.Has("--workers", "-w"))
        {
            yield return "--workers";
            yield return Definition.Instances.ToString(CultureInfo.InvariantCulture);
        }

        if (_request.IsCanary && !_options.Has("--access-logfile"))
        {
            yield return "--access-logfile";
            yield return "-";
        }

        if (!_options.Has("--graceful-timeout"))
        {
            yield return "--graceful-timeout";
            yield return Math.Max(1, (int)Math.Ceiling(Definition.Stop.Timeout.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }
    }

    private IReadOnlyList<string> App() => Definition.App is { } app ? [app] : [];
}
