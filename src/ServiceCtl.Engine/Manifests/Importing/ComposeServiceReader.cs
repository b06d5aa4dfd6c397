using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Manifests.Importing;

/// <summary>Reads one service of a compose file, key by key. What it does not carry over it says, with the place.</summary>
internal sealed partial class ComposeServiceReader
{
    private readonly ImportedService _service;
    private readonly ComposeProject _project;
    private readonly ProblemList _problems;
    private readonly ProblemList _warnings;
    private readonly ComposeValues _values;
    private ConfigEntry? _healthCheck;
    private ConfigEntry? _ports;
    private bool _isWithoutPorts;

    public ComposeServiceReader(ImportedService service, ComposeProject project, ProblemList problems, ProblemList warnings)
    {
        (_service, _project, _problems, _warnings) = (service, project, problems, warnings);
        _values = new ComposeValues(problems);
    }

    public void Read(ConfigMapping body)
    {
        // Variables of the service's own are above those of its files, wherever they are written.
        foreach (var entry in body.Entries.Where(entry => entry.Key == "env_file"))
            ReadEnvFiles(entry);
        foreach (var entry in body.Entries.Where(entry => entry.Key != "env_file" && !entry.Key.StartsWith("x-", StringComparison.Ordinal)))
            Read(entry);
        var ports = new ComposePorts(_service, _values, _warnings);
        if (_ports is { } published && !_isWithoutPorts)
            ports.Read(published);
        else if (_ports is { } unused)
            Skip(unused, "a service in the host's network publishes none", "Name the address that it listens on by `service.listen`.");
        if (_healthCheck is { } check)
            ReadHealthCheck(check);
    }

    private void Read(ConfigEntry entry)
    {
        switch (entry.Key)
        {
            case "image":
                _service.Image = _values.Text(entry);
                break;
            case "build":
                ReadBuild(entry);
                break;
            case "command":
                _service.Command = _values.Command(entry);
                break;
            case "entrypoint":
                _service.Entrypoint = _values.Command(entry);
                break;
            case "environment":
                ReadEnvironment(entry);
                break;
            case "ports":
                _ports = entry;
                break;
            case "links":
                foreach (var (link, origin) in _values.Texts(entry))
                    Require(link, origin);
                break;
            case "depends_on":
                ReadDependencies(entry);
                break;
            case "networks":
                ReadNetworks(entry);
                break;
            case "network_mode" or "net":
                ReadNetworkMode(entry);
                break;
            case "volumes":
                new ComposeVolumes(_service, _project, _values, _warnings).Read(entry);
                break;
            case "secrets":
                new ComposeVolumes(_service, _project, _values, _warnings).ReadSecrets(entry);
                break;
            case "tmpfs":
                foreach (var (folder, origin) in _values.Texts(entry).Where(each => each.Text.Split(':')[0] != "/tmp"))
                    _warnings.Add(origin, entry.Key, $"`tmpfs: {folder}` is not carried over: /tmp alone is in memory.",
                        "Name a volume by `service.container.volumes`, or write to /tmp.");
                break;
            case "user":
                _service.User = _values.Text(entry);
                break;
            case "read_only":
                _service.ReadOnly = _values.Flag(entry);
                break;
            case "pull_policy":
                ReadPull(entry);
                break;
            case "healthcheck":
                _healthCheck = entry;
                break;
            case "restart":
                ReadRestart(entry, _values.Text(entry));
                break;
            case "stop_signal":
                ReadSignal(entry);
                break;
            case "stop_grace_period":
                _service.StopTimeout = _values.Duration(entry);
                break;
            case "scale":
                _service.Instances = _values.Count(entry) ?? 1;
                break;
            case "expose":
                // Those of one network reach all ports of each other.
                break;
            default:
                new ComposeLimits(_service, _values, _warnings).Read(entry);
                break;
        }
    }

    private void ReadBuild(ConfigEntry entry)
    {
        var context = entry.Value is ConfigMapping mapping ? mapping.Entry("context") : entry;
        foreach (var other in (entry.Value as ConfigMapping)?.Entries ?? [])
        {
            var isUsual = other.Key == "context" || (other.Key == "dockerfile" && other.Value is ConfigScalar { Text: "Dockerfile" });
            if (!isUsual)
                Skip(other, $"`{other.Key}` of the build", "Build the image with the engine's own command, and name it by `image`.");
        }

        if ((context is null ? "." : _values.Text(context)) is not { } folder)
            return;
        if (folder.Contains("://", StringComparison.Ordinal) || folder.StartsWith("git@", StringComparison.Ordinal))
            Skip(entry, $"a build from {folder}", "Clone it, and name the folder.");
        else
            _service.Build = PathFrom(_service.Folder, _project.PathOf(folder));
    }

    private void ReadDependencies(ConfigEntry entry)
    {
        if (entry.Value is not ConfigMapping mapping)
        {
            foreach (var (name, origin) in _values.Texts(entry))
                Require(name, origin);
            return;
        }

        foreach (var dependency in mapping.Entries)
        {
            Require(dependency.Key, dependency.KeyOrigin);
            var condition = (dependency.Value as ConfigMapping)?.Entry("condition");
            if (condition?.Value is ConfigScalar { Text: not ("service_started" or "service_healthy") } other)
                _warnings.Add(other.Origin, entry.Key, $"`{other.Text}` is not carried over: {_service.Name} starts when {dependency.Key} "
                    + "is ready.", $"Run {dependency.Key} before, as a command.");
        }
    }

    /// <param name="link">A service, perhaps with the name that it is to have in this one.</param>
    /// <param name="origin">Where that is written.</param>
    private void Require(string link, Origin origin)
    {
        var parts = link.Split(':');
        if (!_service.Requires.Contains(parts[0]))
            _service.Requires.Add(parts[0]);
        if (parts.Length > 1 && parts[1] != parts[0])
            _warnings.Add(origin, "links", $"{parts[0]} is not called {parts[1]} in {_service.Name}: its own name resolves, no other.",
                $"Let {_service.Name} connect to {parts[0]}.");
    }

    private void ReadNetworks(ConfigEntry entry)
    {
        (string Name, Origin Origin)[] names = entry.Value is ConfigMapping mapping
            ? [.. mapping.Entries.Select(network => (network.Key, network.KeyOrigin))] : [.. _values.Texts(entry)];
        foreach (var setting in (entry.Value as ConfigMapping)?.Entries.SelectMany(network =>
            (network.Value as ConfigMapping)?.Entries ?? []) ?? [])
            Skip(setting, $"`{setting.Key}` of a network", "A service has its own name in its network, and whichever address is free.");
        if (names.Length > 0)
            _service.Network ??= _project.NetworkOf(names[0].Name);
        foreach (var (name, origin) in names.Skip(1))
            _warnings.Add(origin, entry.Key, $"{_service.Name} is in one network, {_service.Network}: {name} is not carried over.",
                "Put all that have to reach each other into one network.");
    }

    private void ReadNetworkMode(ConfigEntry entry)
    {
        switch (_values.Text(entry))
        {
            case ("host" or "none") and var mode:
                _service.Network = mode;
                _isWithoutPorts = true;
                break;
            case "bridge" or "default" or null:
                break;
            case var other:
                Skip(entry, $"`{entry.Key}: {other}`", "Put both into one network by `service.container.network`.");
                break;
        }
    }

    private void ReadPull(ConfigEntry entry)
    {
        switch (_values.Text(entry))
        {
            case ("always" or "never") and var policy:
                _service.Pull = policy;
                break;
            case "missing" or "if_not_present" or null:
                break;
            case var other:
                Skip(entry, $"`{entry.Key}: {other}`", "`service.container.pull` is missing, always or never.");
                break;
        }
    }

    private void ReadRestart(ConfigEntry entry, string? text)
    {
        if (text?.StartsWith("on-failure:", StringComparison.Ordinal) == true)
        {
            Skip(entry, "how often it is started again", "`service.restart.give_up` says so, as `5 in 1m`.");
            text = "on-failure";
        }

        _service.Restart = text switch
        {
            "no" or "false" => "never",
            "on-failure" => "on-failure",
            _ => null,
        };
        if (text is not (null or "no" or "false" or "on-failure" or "always" or "unless-stopped"))
            Skip(entry, $"`restart: {text}`", "`service.restart.when` is always, on-failure or never.");
    }

    private void ReadSignal(ConfigEntry entry)
    {
        var text = _values.Text(entry) ?? "";
        var bare = text.StartsWith("SIG", StringComparison.OrdinalIgnoreCase) ? text[3..] : text;
        var signal = SignalName.All.FirstOrDefault(known => known.Name.Equals(bare, StringComparison.OrdinalIgnoreCase)
            || known.Number.ToString(System.Globalization.CultureInfo.InvariantCulture) == bare);
        if (signal.Name is null)
            Skip(entry, $"the signal {text}",
                $"`service.stop.signal` is one of {string.Join(", ", SignalName.All.Select(known => known.Name))}.");
        else if (signal.Name != "TERM")
            _service.StopSignal = signal.Name;
    }

    private void ReadHealthCheck(ConfigEntry entry)
    {
        if (entry.Value is not ConfigMapping check || check.Find("disable")?.ToString() == "true" || check.Entry("test") is not { } test)
            return;
        var words = _values.Texts(test).Select(word => word.Text).ToArray();
        if (words is ["NONE", ..])
            return;
        if (_service.Port is { } port && CheckedPage.Of(string.Join(' ', words), port) is { } page)
        {
            _service.ReadyPath = page;
            if (check.Entry("start_period") is { } start && _values.Duration(start) is { } limit && limit > TimeSpan.Zero)
                _service.ReadyTimeout = limit;
        }
        else
        {
            Skip(test, "a health check that asks no page of the published port",
                "`service.ready.http` names a page; without one, it is ready when it has lived for a second.");
        }
    }

    private void Skip(ConfigEntry entry, string what, string advice) =>
        _warnings.Add(entry.KeyOrigin, entry.Key, $"{_service.Name}: {what} is not carried over.", advice);

    /// <summary>A path that begins with a dot, as it is seen from a folder.</summary>
    internal static string PathFrom(string folder, string path)
    {
        var relative = Path.GetRelativePath(folder, path);
        return relative.StartsWith('.') ? relative : $"./{relative}";
    }
}
