using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners.Uwsgi;

/// <summary>
/// What a <c>uwsgi:</c> section needs beyond what it says: the plugins that bring its options, where uWSGI is modular; and which of its
/// options nobody brings. uWSGI itself passes over those without a word.
/// </summary>
/// <param name="Plugins">To be loaded.</param>
/// <param name="Unknown">What uWSGI would pass over, each as a problem with its place.</param>
/// <param name="Unreachable">Those of them that name an address.</param>
internal sealed record UwsgiNeeds(
    IReadOnlyList<string> Plugins, IReadOnlyList<ConfigurationProblem> Unknown, IReadOnlyList<ConfigurationProblem> Unreachable)
{
    /// <summary>Brings <c>module</c>, <c>virtualenv</c> and what else a Python application needs.</summary>
    private const string PythonOption = "module";

    private static readonly string[] Python = ["python3"];
    private static readonly string[] PluginOptions = ["plugin", "plugins", "need-plugin", "need-plugins"];
    private static readonly string[] FolderOptions = ["plugin-dir", "plugins-dir"];

    /// <summary>Words of the configuration's own logic (core/config.c), which are no options.</summary>
    private static readonly string[] Logic = ["end", "endif", "end-if", "endfor", "end-for", "else"];

    /// <summary>Options whose value begins with the name of something that a plugin may bring, and the family of that plugin.</summary>
    private static readonly (string Option, string Family)[] Naming =
        [("route", "router_"), ("cheaper-algo", "cheaper_"), ("stats-push", "stats_pusher_"), ("clock", "clock_"), ("logger", "log"),
            ("req-logger", "log")];

    public static async Task<UwsgiNeeds> OfAsync(UwsgiSection section, UwsgiBinary binary, CancellationToken cancellation)
    {
        var folders = section.Options.Where(option => FolderOptions.Contains(option.Name)).Select(option => option.Value).ToArray();
        var known = new HashSet<string>([.. binary.Options, .. Logic]);
        foreach (var name in section.Options.Where(option => PluginOptions.Contains(option.Name))
            .SelectMany(option => option.Value.Split(',', StringSplitOptions.TrimEntries)))
            known.UnionWith(await binary.OptionsOfAsync(name, folders, cancellation));

        var plugins = new List<string>();
        foreach (var name in section.Options.Select(option => option.Name).Prepend(PythonOption).Distinct()
            .Where(name => !known.Contains(name) && !IsOwn(section, name)))
        {
            if (!known.Contains(name) && await FindAsync(binary, name, folders, cancellation) is { } found)
            {
                plugins.Add(found);
                known.UnionWith(await binary.OptionsOfAsync(found, folders, cancellation));
            }
        }

        plugins.AddRange(section.Options.Select(option => ProviderOf(option, binary, folders)).OfType<string>().Distinct().Except(plugins));
        var unknown = section.Options.Where(option => !known.Contains(option.Name) && !IsOwn(section, option.Name)).ToArray();
        return new UwsgiNeeds(
            plugins,
            [.. unknown.Select(option => Problem(option, known))],
            [.. unknown.Where(option => UwsgiSocketOption.IsRouterOption(option.Name)).Select(option => Problem(option, known))]);
    }

    /// <summary>Is it a name that the section itself uses or declares?</summary>
    private static bool IsOwn(UwsgiSection section, string name) =>
        UwsgiPlaceholders.IsName(section, name)
        || section.Options.Any(option => option.Name == "declare-option" && option.Value.StartsWith(name + "=", StringComparison.Ordinal));

    /// <summary>The plugin that brings an option; of several, the one that is named as the option is.</summary>
    private static async Task<string?> FindAsync(
        UwsgiBinary binary, string option, IReadOnlyList<string> folders, CancellationToken cancellation)
    {
        var first = option.Split('-')[0];
        foreach (var plugin in binary.PluginsThatName(option, folders).OrderByDescending(name => name == first || Python.Contains(name)))
        {
            if ((await binary.OptionsOfAsync(plugin, folders, cancellation)).Contains(option))
                return plugin;
        }

        return null;
    }

    /// <summary>
    /// As <c>router_basicauth</c> for <c>route: ^/admin basicauth:…</c>. What the binary has itself, no plugin of that family names.
    /// </summary>
    private static string? ProviderOf(ProgramOption option, UwsgiBinary binary, IReadOnlyList<string> folders)
    {
        var family = Naming.FirstOrDefault(
            naming => option.Name == naming.Option
                || (naming.Option == "route" && option.Name.StartsWith("route", StringComparison.Ordinal)));
        if (family.Option is null)
            return null;
        // A route's condition comes first, but for those that always run.
        var words = option.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var place = option.Name.StartsWith("route", StringComparison.Ordinal)
            && !option.Name.EndsWith("-run", StringComparison.Ordinal) ? 1 : 0;
        var word = words.ElementAtOrDefault(place)?.Split(':')[0];
        return string.IsNullOrEmpty(word) || binary.Names(word)
            ? null
            : binary.PluginsThatName(word, folders).Where(plugin => plugin.Contains(family.Family, StringComparison.Ordinal))
                .MaxBy(plugin => plugin.EndsWith(word, StringComparison.Ordinal));
    }

    private static ConfigurationProblem Problem(ProgramOption option, IEnumerable<string> known) => new()
    {
        Source = option.Origin.Source,
        Line = option.Origin.Line,
        Column = option.Origin.Column,
        Key = $"uwsgi.{option.Name}",
        Message = $"This uWSGI does not know the option `{option.Name}`, and passes over it.",
        Advice = Suggestion.For(option.Name, known) is { } near
            ? $"Did you mean `{near}`?"
            : "Take it out, or install the plugin that brings it; a name for other values (%(name)) is one that a value uses.",
    };
}
