using ServiceCtl.Client;
using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;

namespace ServiceCtl.Host.Syntax;

/// <summary>Which services a command line is about.</summary>
internal static class Services
{
    /// <summary>An agent that hangs must not take the shell's prompt with it. One that is well answers in milliseconds.</summary>
    private static readonly TimeSpan CompletionLimit = TimeSpan.FromSeconds(2);

    public static ServiceCtlClient Open() => new(Environment.ProcessPath!);

    public static ServiceCtlClient Open(PyServiceHost host) => new(host, Environment.ProcessPath!);

    /// <summary>
    /// The configuration file that makes the current folder a service's; null elsewhere, and in a folder that was deleted.
    /// </summary>
    public static string? FindConfigHere() => ServiceFolder.Current is { } folder ? ServiceFolder.FindConfig(folder) : null;

    public static bool IsPattern(string name) => ServiceSelection.IsPattern(name);

    /// <summary>
    /// The names as given; without any, the service in the current folder; elsewhere none, which means all. Starts no agent.
    /// </summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ServiceNotFound"/>: the service in the current folder is not
    /// known.</exception>
    public static async Task<IReadOnlyList<string>> SelectKnownAsync(
        ServiceCtlClient client, string[] names, CancellationToken cancellation)
    {
        if (names.Length > 0 || FindConfigHere() is not { } config)
            return names;
        return await client.Catalog.FindNameAsync(config, cancellation) is { } name ? [name] : throw new ServiceCtlException(
            ErrorCode.ServiceNotFound, config, "The service in this folder is not registered.",
            "Start it, or register it with 'servicectl register'.");
    }

    /// <summary>The same on other hosts, which have no current folder: without names, none, which means all.</summary>
    public static async Task<IReadOnlyList<string>> SelectKnownAsync(HostGroup hosts, string[] names, CancellationToken cancellation) =>
        hosts.Here is { } client ? await SelectKnownAsync(client, names, cancellation) : names;

    /// <summary>The same on other hosts, which have no current folder: services have to be named.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: no name.</exception>
    public static async Task<IReadOnlyList<string>> SelectAsync(
        HostGroup hosts, IReadOnlyList<string> names, CancellationToken cancellation) => hosts.Here is { } client
            ? await SelectAsync(client, names, cancellation)
            : names.Count > 0 ? names : throw new ServiceCtlException(
                ErrorCode.InvalidArgument, null, "Name a service: on another host there is no current folder. Nothing was changed.",
                "'servicectl list' lists the registered services there; '*' stands for all of them.");

    /// <summary>The names as given; without any, the service in the current folder, which is registered if it was not.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: no name, and the folder is no service's.</exception>
    public static async Task<IReadOnlyList<string>> SelectAsync(
        ServiceCtlClient client, IReadOnlyList<string> names, CancellationToken cancellation)
    {
        if (names.Count > 0)
            return names;

        var folder = ServiceFolder.Resolve(".");
        if (ServiceFolder.FindConfig(folder) is not { } config)
        {
            throw new ServiceCtlException(
                ErrorCode.InvalidArgument, folder,
                "Name a service: this folder has no configuration of one (config.yaml). Nothing was changed.",
                "'servicectl list' lists the registered services; '*' stands for all of them.");
        }

        return [(await client.Services.RegisterAsync(config, name: null, cancellation)).Name];
    }

    /// <summary>Says on standard error that there was nothing to do.</summary>
    public static Task WriteNoMatchAsync(IReadOnlyList<string> patterns) => ConsoleOutput.WriteErrorLineAsync(
        patterns.Count == 0
            ? "No services are registered." : $"No service matches {string.Join(' ', patterns.Select(OptionValues.Shown))}.");

    /// <summary>The registered services, with their configurations, for the Tab key: starts no agent, and gives up quickly.</summary>
    public static IEnumerable<System.CommandLine.Completions.CompletionItem> NamesForCompletion()
    {
        var listing = Task.Run(async () =>
        {
            using var limit = new CancellationTokenSource(CompletionLimit);
            using var client = Open();
            return await client.Catalog.FindConfigurationsAsync(limit.Token);
        });
        // An error in the middle of typing helps nobody.
        return Task.WaitAny([listing], CompletionLimit) == 0 && listing.IsCompletedSuccessfully
            ? listing.GetAwaiter().GetResult()
                .Select(service => new System.CommandLine.Completions.CompletionItem(service.Name, detail: service.ConfigPath))
            : [];
    }
}
