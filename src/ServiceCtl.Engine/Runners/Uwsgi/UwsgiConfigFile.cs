using System.Globalization;
using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners.Uwsgi;

/// <summary>
/// The ini file uWSGI is started with: the <c>uwsgi:</c> section as it was written, then what running under the agent needs.
/// A key of the section wins, but for three things: <c>daemonize</c> becomes <c>logto</c>; the address of a held socket becomes the
/// passed descriptor; files that two generations must not share go into the run folder, where the configured name points at them.
/// </summary>
internal sealed class UwsgiConfigFile
{
    private static readonly string[] PidFiles = ["pidfile", "pidfile2", "safe-pidfile", "safe-pidfile2"];
    private static readonly string[] Stats = ["stats", "stats-server"];
    private static readonly string[] PerGeneration = [.. PidFiles, .. Stats, "master-fifo"];

    private readonly ServiceDefinition _definition;
    private readonly UwsgiSockets _sockets;
    private readonly UwsgiPlaceholders _placeholders;
    private readonly string _runFolder;
    private readonly bool _hasSocket;
    private readonly bool _isCanary;
    private readonly IReadOnlyList<string> _plugins;

    public UwsgiConfigFile(LaunchRequest request, IReadOnlyList<string> plugins)
    {
        _definition = request.IsCanary ? UwsgiCanary.Of(request.Definition) : request.Definition;
        _isCanary = request.IsCanary;
        _runFolder = request.RunFolder;
        _hasSocket = request.HasSocket;
        _plugins = plugins;
        _sockets = UwsgiSockets.Of(_definition);
        _placeholders = new UwsgiPlaceholders(_definition.Uwsgi, _definition.Folder);
    }

    /// <summary>Called as configured, because <c>%n</c> in a value means this name.</summary>
    public string Path => InRunFolder(_definition.Uwsgi.FileName);

    /// <summary>
    /// A second socket, of this generation alone: what answers there is this very launch, and in HTTP, whoever else listens on the
    /// service's address and whatever is spoken there.
    /// </summary>
    public ListenAddress? ProbeAddress => ListenAddress.TryParse(OwnProbeSocket, "/", out var address) ? address : null;

    /// <summary>Where the master tells about its workers.</summary>
    public ListenAddress? StatsAddress
    {
        get
        {
            var given = _placeholders.Resolve(_definition.Uwsgi.Last(Stats) ?? "");
            return UwsgiAddress.TryParse(given.Contains(':') ? given : OwnStatsSocket, _definition.Folder);
        }
    }

    /// <summary>Configured names, and the files of this generation that they stand for.</summary>
    public IReadOnlyDictionary<string, string> PublishedFiles
    {
        get
        {
            var published = new Dictionary<string, string>();
            foreach (var option in _definition.Uwsgi.Options.Where(IsPerGeneration))
                published[PlaceOf(option)] = OwnFile(option.Name);
            if (_definition.PidFile is { } pidFile && !_definition.Uwsgi.Has(PidFiles))
                published[pidFile] = OwnFile("pidfile");
            if (_definition.Uwsgi.ConfigFile is { } config)
                published[config] = Path;
            return published;
        }
    }

    private string OwnStatsSocket => OwnFile("stats");

    private string OwnProbeSocket => InRunFolder("probe");

    public async Task WriteAsync(CancellationToken cancellation)
    {
        try
        {
            await File.WriteAllTextAsync(Path, Text(), cancellation);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ServiceCtlException(
                ErrorCode.System, Path, $"The uWSGI configuration {Path} can't be written: {error.Message}",
                "See that the disk is not full.", error);
        }
    }

    internal string Text()
    {
        var text = new StringBuilder("[uwsgi]\n");
        if (_sockets.NeedsRoutedSocket)
            Append(text, "socket", Literal(InRunFolder("routed")));
        var descriptor = LaunchRequest.FirstDescriptor;
        foreach (var option in _definition.Uwsgi.Options)
        {
            if (UwsgiSection.Daemonize.Contains(option.Name))
                Append(text, "logto", _placeholders.Write(option.Value));
            else if (_hasSocket && UwsgiSocketFile.IsOurs(option))
                continue;
            else if (_hasSocket && _sockets.Given.FirstOrDefault(socket => ReferenceEquals(socket.Option, option)) is { } socket)
                AppendPassed(text, socket, descriptor++);
            else
                Append(text, option.Name, IsPerGeneration(option) ? Literal(OwnFile(option.Name)) : _placeholders.Write(option.Value));
        }

        text.Append("# added by ServiceCtl\n");
        foreach (var (key, value) in Additions())
            Append(text, key, value);
        return text.ToString();
    }

    /// <summary>
    /// At a reload the master closes what it does not know as a socket of its own, and so what it was passed for a router.
    /// </summary>
    private static void AppendPassed(StringBuilder text, UwsgiSocketOption socket, int descriptor)
    {
        if (socket.IsRouter)
            Append(text, "safe-fd", descriptor.ToString(CultureInfo.InvariantCulture));
        Append(text, socket.Option.Name, Literal(socket.WithDescriptor(descriptor)));
    }

    /// <summary>A TCP address of the stats server stays: it is one reason to run generations one after the other.</summary>
    private static bool IsPerGeneration(Configuration.Schema.Types.ProgramOption option) =>
        PerGeneration.Contains(option.Name) && !(Stats.Contains(option.Name) && option.Value.Contains(':'));

    private IEnumerable<(string Key, string Value)> Additions()
    {
        var section = _definition.Uwsgi;
        foreach (var plugin in _plugins)
            yield return ("plugin", plugin);
        if (!section.Has("master", "M"))
            yield return ("master", "true");
        // Without it uWSGI goes on serving errors when the application can't be loaded.
        if (!section.Has("need-app"))
            yield return ("need-app", "true");
        // A worker that is asked to end between accepting a connection and reading from it drops that connection. With the lock
        // one process at a time is in accept, and none was seen to drop one: 0 of 28,000 requests in 30 reloads, 12 of 38,000 without.
        if (!section.Has("thunder-lock"))
            yield return ("thunder-lock", "true");
        if (_isCanary && UwsgiCanary.NeedsErrors(section))
            yield return ("log-5xx", "true");
        if (_definition.VirtualEnvironment is { } environment && !section.Has("virtualenv", "venv", "home", "pyhome", "H"))
            yield return ("virtualenv", Literal(environment));
        if (_definition.App is { } app && !UwsgiApplication.IsNamedIn(section))
            yield return ("module", app);
        for (var i = 0; _sockets.Given.Count == 0 && i < _sockets.Plan.Addresses.Count; i++)
            yield return ("http-socket", _hasSocket
                ? $"fd://{LaunchRequest.FirstDescriptor + i}" : Literal(_sockets.Plan.Addresses[i].ToString()));
        yield return ("http-socket", Literal(OwnProbeSocket));
        if (_definition.PidFile is not null && !section.Has(PidFiles))
            yield return ("pidfile", Literal(OwnFile("pidfile")));
        if (!section.Has(Stats))
            yield return ("stats", Literal(OwnStatsSocket));

        var mercy = Math.Max(1, (int)Math.Ceiling(_definition.Stop.Timeout.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        if (!section.Has("worker-reload-mercy"))
            yield return ("worker-reload-mercy", mercy);
        if (!section.Has("reload-mercy"))
            yield return ("reload-mercy", mercy);
        // TERM means a brutal reload to uWSGI, or a brutal end with die-on-term; this makes it finish the requests first.
        // https://uwsgi-docs.readthedocs.io/en/latest/Management.html#signals-for-controlling-uwsgi
        yield return ("hook-master-start", "unix_signal:15 gracefully_kill_them_all");
    }

    /// <summary>A path of ours: <c>%c</c> in it is no placeholder of uWSGI's.</summary>
    private static string Literal(string path) => path.Replace("%", "%%", StringComparison.Ordinal);

    private string OwnFile(string option) => InRunFolder(option switch
    {
        "master-fifo" => "fifo",
        _ when Stats.Contains(option) => "stats",
        _ => "pid",
    });

    private string InRunFolder(string name) => System.IO.Path.Combine(_runFolder, name);

    /// <summary>Pid files are written before uWSGI changes its folder, all others behind that.</summary>
    private string PlaceOf(Configuration.Schema.Types.ProgramOption option)
    {
        var start = option.Name is not ("pidfile" or "pidfile2") && _definition.Uwsgi.Last("chdir") is { } chdir
            ? InServiceFolder(_placeholders.Resolve(chdir)) : _definition.Folder;
        return System.IO.Path.GetFullPath(_placeholders.Resolve(option.Value), start);
    }

    private string InServiceFolder(string path) => System.IO.Path.GetFullPath(path, _definition.Folder);

    private static void Append(StringBuilder text, string key, string value)
    {
        text.Append(key);
        if (value.Length > 0)
            text.Append(" = ").Append(value);
        text.Append('\n');
    }
}
