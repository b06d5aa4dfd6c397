using System.Globalization;
using ServiceCtl.Engine.Configuration.Masking;
using ServiceCtl.Engine.Manifests.Writing;
using static ServiceCtl.Engine.Manifests.Writing.ManifestNode;

namespace ServiceCtl.Engine.Manifests.Importing;

/// <summary>What was understood of somebody else's description of a service, and its configuration made of it.</summary>
internal sealed class ImportedService
{
    public required string Name { get; init; }

    /// <summary>As <c>file:line:column</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The folder that it is to have.</summary>
    public required string Folder { get; init; }

    public string? Image { get; set; }

    public string? Build { get; set; }

    public IReadOnlyList<string>? Entrypoint { get; set; }

    public IReadOnlyList<string>? Command { get; set; }

    public SortedDictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    public List<string> Listen { get; } = [];

    public int? Port { get; set; }

    public string? Network { get; set; }

    public string? User { get; set; }

    public bool? ReadOnly { get; set; }

    public List<string> Volumes { get; } = [];

    public string? Pull { get; set; }

    public List<string> Requires { get; } = [];

    public List<string>? Capabilities { get; set; }

    public bool? NoNewPrivileges { get; set; }

    public long? Memory { get; set; }

    /// <summary>Of one processor.</summary>
    public double? CpuPercent { get; set; }

    public int? OpenFiles { get; set; }

    public int? Processes { get; set; }

    public string? ReadyPath { get; set; }

    public TimeSpan? ReadyTimeout { get; set; }

    public string? Restart { get; set; }

    public string? StopSignal { get; set; }

    public TimeSpan? StopTimeout { get; set; }

    public int Instances { get; set; } = 1;

    public bool HasSecrets => Environment.Any(IsSecret);

    /// <param name="shown">Without secrets.</param>
    public string Text(bool shown) => ManifestText.Of(
        [
            $"Made from {Source} by 'servicectl import'.",
            "Hardened where it says nothing: a program that is root, or writes beside its volumes, needs service.container.user: root,",
            "service.container.read_only: false, or service.sandbox.capabilities.",
        ],
        new ManifestMap().Set("service", new ManifestMap()
            .Set("runner", "container")
            .Set("container", Container())
            .Set("command", Command is null ? null : List(Command))
            .Set("listen", Listen.Count switch { 0 => null, 1 => Listen[0], _ => List(Listen) })
            .SetUnlessEmpty("environment", ManifestMap.Of(Environment.Select(variable =>
                (variable.Key, (ManifestNode)(shown && IsSecret(variable) ? SecretPattern.Mask : variable.Value)))))
            .Set("requires", ListOrNone(Requires))
            .Set("instances", Instances == 1 ? null : Instances)
            .Set("ready", new ManifestMap().Set("http", ReadyPath).Set("delay", ReadyPath is null ? "1s" : null)
                .Set("timeout", DurationOf(ReadyTimeout)))
            .SetUnlessEmpty("restart", new ManifestMap().Set("when", Restart))
            .SetUnlessEmpty("stop", new ManifestMap().Set("signal", StopSignal).Set("timeout", DurationOf(StopTimeout)))
            .SetUnlessEmpty("limits", new ManifestMap()
                .Set("memory", Memory is { } bytes ? SizeOf(bytes) : null)
                .Set("cpu", CpuPercent is { } percent ? string.Create(CultureInfo.InvariantCulture, $"{percent:0.###}%") : null)
                .Set("open_files", OpenFiles)
                .Set("processes", Processes))
            .SetUnlessEmpty("sandbox", new ManifestMap().Set("no_new_privileges", FlagOf(NoNewPrivileges))
                .Set("capabilities", Capabilities is null ? null : List(Capabilities)))));

    private ManifestMap Container() => new ManifestMap()
        .Set("image", Image)
        .Set("build", Build)
        .Set("entrypoint", Entrypoint is null ? null : List(Entrypoint))
        .Set("network", Network)
        .Set("port", Port)
        .Set("user", User)
        .Set("read_only", FlagOf(ReadOnly))
        .Set("volumes", ListOrNone(Volumes))
        .Set("pull", Pull);

    private static bool IsSecret(KeyValuePair<string, string> variable) =>
        SecretPattern.IsSecretName(variable.Key) || SecretPattern.MaskUrls(variable.Value) != variable.Value;

    private static string? DurationOf(TimeSpan? time) => time is { } given ? ComposeManifest.Duration(given) : null;

    private static ManifestNode? FlagOf(bool? flag) => flag is { } given ? given : null;

    private static string SizeOf(long bytes) => bytes switch
    {
        _ when bytes % (1 << 30) == 0 => string.Create(CultureInfo.InvariantCulture, $"{bytes >> 30}GiB"),
        _ when bytes % (1 << 20) == 0 => string.Create(CultureInfo.InvariantCulture, $"{bytes >> 20}MiB"),
        _ => bytes.ToString(CultureInfo.InvariantCulture),
    };
}
