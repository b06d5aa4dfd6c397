using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners.Uwsgi;

/// <summary>
/// What one uWSGI on this host can do: the options that it says it knows, and those that its plugins bring. Asked once, as long as the
/// files stay as they are.
/// </summary>
internal sealed partial class UwsgiBinary
{
    private const int LongestFile = 64 << 20;

    private const string Suffix = "_plugin.so";

    /// <summary>A plugin that nobody has: the complaint about it names the folder of those that there are.</summary>
    private const string Nobodys = "servicectl-none";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<string, Task<IReadOnlySet<string>>> _ofPlugins = new();
    private readonly ServiceDefinition _definition;
    private readonly string _program;
    private readonly ExitWatcher _watcher;
    private readonly TimeProvider _time;

    private UwsgiBinary(ServiceDefinition definition, string program, ExitWatcher watcher, TimeProvider time)
    {
        _definition = definition;
        _program = program;
        _watcher = watcher;
        _time = time;
    }

    /// <summary>Options without any plugin.</summary>
    public IReadOnlySet<string> Options { get; private set; } = new HashSet<string>();

    /// <summary>Where its plugins are; null for one that has none beside it.</summary>
    public string? PluginFolder { get; private set; }

    /// <returns>Null when it does not say.</returns>
    public static async Task<UwsgiBinary?> AskAsync(
        ServiceDefinition definition, string program, ExitWatcher watcher, TimeProvider time, CancellationToken cancellation)
    {
        var binary = new UwsgiBinary(definition, program, watcher, time);
        var said = await binary.RunAsync(["--plugin", Nobodys, "--help"], cancellation);
        binary.Options = OptionsIn(said);
        binary.PluginFolder = said.Select(line => MissingPlugin().Match(line))
            .FirstOrDefault(match => match.Success)?.Groups["folder"].Value;
        return binary.Options.Count > 0 ? binary : null;
    }

    /// <summary>The options that a plugin brings; none when it can't be loaded.</summary>
    /// <param name="plugin">Its name, or the path of its file.</param>
    /// <param name="folders">Where it may be, beside the usual place.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<IReadOnlySet<string>> OptionsOfAsync(string plugin, IEnumerable<string> folders, CancellationToken cancellation)
    {
        string[] arguments = [.. folders.SelectMany(folder => (string[])["--plugins-dir", folder]), "--plugin", plugin, "--help"];
        return _ofPlugins.GetOrAdd(string.Join('\0', arguments), async _ =>
        {
            var all = OptionsIn(await RunAsync(arguments, cancellation));
            return all.Except(Options).ToHashSet();
        });
    }

    /// <summary>
    /// Names of plugins whose file holds a word as a text: only these can bring an option, a route's action, … of that name.
    /// </summary>
    /// <param name="word">What is looked for. It may be the end of a longer text: linkers put one into the other.</param>
    /// <param name="folders">Where plugins may be, beside the usual place.</param>
    public IEnumerable<string> PluginsThatName(string word, IEnumerable<string> folders)
    {
        var text = System.Text.Encoding.UTF8.GetBytes($"{word}\0");
        return folders.Append(PluginFolder).OfType<string>().Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*" + Suffix))
            .Order(StringComparer.Ordinal)
            .Where(file => Read(file).IndexOf(text) >= 0)
            .Select(file => Path.GetFileName(file)[..^Suffix.Length]);
    }

    /// <summary>Does the program itself hold a word as a text of its own, and so has what it names without a plugin?</summary>
    public bool Names(string word) => Read(_program).IndexOf(System.Text.Encoding.UTF8.GetBytes($"\0{word}\0")) >= 0;

    /// <summary>Nothing of what can't be read, or is no plain file.</summary>
    private ReadOnlySpan<byte> Read(string file)
    {
        try
        {
            return UserFiles.ReadAll(_definition.Actor, file, LongestFile);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static HashSet<string> OptionsIn(IEnumerable<string> lines) =>
        [.. lines.Select(line => OptionLine().Match(line)).Where(match => match.Success).Select(match => match.Groups["name"].Value)];

    private async Task<string[]> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        try
        {
            // As the service's user: it may be one of the service's virtualenv.
            return (await ProgramRun.RunAsync(_program, arguments, ServiceEnvironment.Of(_definition), _definition, Limit, _watcher, _time,
                cancellation)).Lines;
        }
        catch (Exception error) when (error is TimeoutException or ServiceCtlException)
        {
            return [];
        }
    }

    // "    -s|--uwsgi-socket       bind to …"
    [GeneratedRegex(@"^\s+(-\S\|)?--(?<name>\S+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex OptionLine();

    [GeneratedRegex(@"UNABLE to load uWSGI plugin: (?<folder>.+)/" + Nobodys, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex MissingPlugin();
}
