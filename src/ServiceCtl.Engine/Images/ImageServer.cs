using System.Globalization;
using System.Text.RegularExpressions;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Runners;
using ServiceCtl.Engine.Runners.Programs;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Images;

/// <summary>What a service's container runs.</summary>
/// <param name="Alone">When it opens its socket itself: <c>docker run</c>, compose, a cluster.</param>
/// <param name="Passed">When the agent passes its own, as descriptor 3; null where the server finds that by itself.</param>
/// <param name="Package">What pip has to install for it; null for nothing.</param>
internal sealed partial record ImageServer(IReadOnlyList<string> Alone, IReadOnlyList<string>? Passed, string? Package)
{
    /// <summary>Where servers in an image listen, if the configuration names no other.</summary>
    public const int UsualPort = 8000;

    private const string Gunicorn = "gunicorn";
    private const string Uvicorn = "uvicorn";
    private const string Descriptor = "3";

    /// <summary>What says where uWSGI listens, who it is, and where it writes: the container says that.</summary>
    private static readonly HashSet<string> NotInContainer = new(StringComparer.Ordinal)
    {
        "socket", "s", "uwsgi-socket", "http", "http-socket", "https", "https-socket", "http11-socket", "fastcgi-socket", "shared-socket",
        "daemonize", "daemonize2", "d", "pidfile", "pidfile2", "safe-pidfile", "logto", "logto2", "virtualenv", "venv", "home", "H",
        "uid", "gid", "stats", "stats-server", "chdir", "touch-reload", "py-autoreload", "master", "M", "die-on-term", "need-app",
    };

    /// <summary>As the exec form of <c>CMD</c> has it: one process, which gets the signals.</summary>
    public IReadOnlyList<string> Words => Passed is null ? Alone :
        ["/bin/sh", "-c", $"if [ -n \"$LISTEN_FDS\" ]; then exec {Shell(Passed)}; fi; exec {Shell(Alone)}"];

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigInvalid"/>: nothing says what it runs.</exception>
    public static ImageServer Of(ServiceDefinition definition, int port, IReadOnlyList<string> requirements) => definition.Runner switch
    {
        Gunicorn => OfGunicorn(definition, port),
        Uvicorn => OfUvicorn(definition, port),
        "uwsgi" => OfUwsgi(definition, port),
        "python" or "uv" => OfProgram(definition, port, ["python3", .. WithoutInterpreter(definition.Command)]),
        _ when definition.Command is [var first, ..] => Path.GetFileName(first) switch
        {
            Gunicorn => OfGunicorn(definition, port),
            Uvicorn => OfUvicorn(definition, port),
            _ => OfProgram(definition, port, definition.Command),
        },
        // A service that is a container already, whose image says the rest.
        _ when requirements.Any(line => Requires(line, Uvicorn) || Requires(line, "fastapi")) => OfUvicorn(definition, port),
        _ when definition.App is not null || requirements.Any(line => Requires(line, Gunicorn) || Requires(line, "flask")) =>
            OfGunicorn(definition, port),
        _ => throw new ServiceCtlException(ErrorCode.ConfigInvalid, definition.Name,
            $"Nothing says what an image of {definition.Name} runs: there is neither service.app nor service.command.",
            $"Write one of them into {definition.ConfigPath}."),
    };

    /// <summary>Does a line of requirements name a package?</summary>
    public static bool Requires(string line, string package) => Named().Match(line) is { Success: true } match
        && string.Equals(match.Groups["name"].Value.Replace('_', '-'), package, StringComparison.OrdinalIgnoreCase);

    private static ImageServer OfGunicorn(ServiceDefinition definition, int port)
    {
        var options = new ServerOptions(new ServerOptions(definition, Gunicorn).Without("--bind").ToList());
        List<string> words = [Gunicorn, "--bind", Bind(port)];
        if (definition.Instances > 1 && !options.Has("--workers", "-w"))
            words.AddRange(["--workers", Number(definition.Instances)]);
        if (!options.Has("--graceful-timeout"))
            words.AddRange(["--graceful-timeout", Number(Seconds(definition))]);
        words.AddRange(options.Words);
        if (definition.App is { } app)
            words.Add(app);
        else if (options.Words.Count == 0)
            words.Add("app:app");
        // It takes LISTEN_FDS before --bind.
        return new ImageServer(words, null, Gunicorn);
    }

    private static ImageServer OfUvicorn(ServiceDefinition definition, int port)
    {
        var options = new ServerOptions(definition, Uvicorn);
        string[] rest =
        [
            .. options.Has("--timeout-graceful-shutdown")
                ? Array.Empty<string>() : ["--timeout-graceful-shutdown", Number(Seconds(definition))],
            .. options.Words, .. definition.App is { } app ? [app] : options.Words.Count == 0 ? ["main:app"] : Array.Empty<string>(),
        ];
        return new ImageServer(
            [Uvicorn, "--host", "0.0.0.0", "--port", Number(port), .. rest], [Uvicorn, "--fd", Descriptor, .. rest], Uvicorn);
    }

    private static ImageServer OfUwsgi(ServiceDefinition definition, int port)
    {
        var section = definition.Uwsgi;
        var kind = section.Has("http", "http-socket", "https", "http11-socket") || !section.Has("socket", "s", "uwsgi-socket")
            ? "--http-socket" : "--socket";
        List<string> rest = ["--master", "--die-on-term", "--need-app"];
        foreach (var option in section.Options.Where(option => !NotInContainer.Contains(option.Name)))
        {
            rest.Add(option.Name.Length == 1 ? $"-{option.Name}" : $"--{option.Name}");
            if (!option.Value.Equals("true", StringComparison.OrdinalIgnoreCase))
                rest.Add(option.Value);
        }

        if (!section.Has("module", "w", "wsgi", "wsgi-file", "mount") && definition.App is { } app)
            rest.AddRange(["--module", app]);
        return new ImageServer(["uwsgi", kind, Bind(port), .. rest], ["uwsgi", kind, $"fd://{Descriptor}", .. rest], "uwsgi");
    }

    private static ImageServer OfProgram(ServiceDefinition definition, int port, IReadOnlyList<string> words)
    {
        if (words.Count == 0)
        {
            throw new ServiceCtlException(ErrorCode.ConfigInvalid, definition.Name,
                $"Nothing says what an image of {definition.Name} runs: service.command is missing.",
                $"Write it into {definition.ConfigPath}.");
        }

        var ports = Enumerable.Repeat(port, Math.Max(1, definition.Listens.Count)).ToArray();
        return new ImageServer(SocketPlaceholders.ReplaceInside(definition, words, ports, hasSocket: true), null, null);
    }

    private static IEnumerable<string> WithoutInterpreter(IReadOnlyList<string> words)
    {
        IReadOnlyList<string> all = words.Count > 0 ? words : ["main.py"];
        return all[0] is "python" or "python3" ? all.Skip(1) : all;
    }

    private static string Bind(int port) => $"0.0.0.0:{Number(port)}";

    private static int Seconds(ServiceDefinition definition) => Math.Max(1, (int)Math.Ceiling(definition.Stop.Timeout.TotalSeconds));

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Shell(IEnumerable<string> words) => string.Join(' ', words.Select(word =>
        word.Length > 0 && word.All(letter => char.IsAsciiLetterOrDigit(letter) || "-_./=:,@+".Contains(letter))
            ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'"));

    [GeneratedRegex(@"^[\s""']*(?<name>[A-Za-z0-9][A-Za-z0-9._-]*)", RegexOptions.ExplicitCapture)]
    private static partial Regex Named();
}
