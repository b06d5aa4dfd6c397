using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Engine.Manifests;

/// <summary>What is said of services whose configuration a target can't express, with the key and its place.</summary>
internal sealed class ManifestNotes
{
    /// <summary>Every target has words for them.</summary>
    private static readonly string[] Carried =
    [
        "service.runner", "service.command", "service.environment", "env_vars", "service.listen", "service.requires",
        "service.instances", "service.container.image", "service.container.build", "service.container.network", "service.container.port",
        "service.container.user", "service.container.read_only", "service.container.volumes", "service.container.entrypoint",
        "service.container.pull", "service.limits.memory", "service.limits.cpu", "service.sandbox.no_new_privileges",
        "service.sandbox.capabilities", "service.restart.when", "service.ready.http", "service.ready.timeout", "service.stop.signal",
        "service.stop.timeout",
    ];

    /// <summary>They say how the agent does it, or what is inside the image: nobody misses them elsewhere.</summary>
    private static readonly string[] Silent =
    [
        "service.container.engine", "service.on_change", "service.app", "service.socket", "service.use", "service.sources", "service.venv",
        "service.stop.mode", "service.sandbox.private_tmp", "service.sandbox.protect_home", "service.logs.compress",
    ];

    private readonly ManifestTarget _target;
    private readonly HashSet<string> _also;
    private readonly ProblemList _problems = new();

    /// <param name="target">Which target.</param>
    /// <param name="also">Keys, or sections, that this one has words for beside those that all have.</param>
    public ManifestNotes(ManifestTarget target, params IEnumerable<string> also)
    {
        _target = target;
        _also = [.. also, .. Carried, .. Silent];
    }

    public IReadOnlyList<ConfigurationProblem> Sorted => _problems.Sorted();

    private string Reader => _target switch
    {
        ManifestTarget.Compose => "A compose file",
        ManifestTarget.Swarm => "A swarm",
        _ => "Kubernetes",
    };

    /// <summary>Warns of every key that is written and that the target can't express.</summary>
    public void AddUnexpressed(ManifestService service)
    {
        foreach (var key in ServiceSchema.Schema.Keys.Where(key => IsAsked(key) && service.Reading.Configuration.IsSet(key)))
        {
            Add(service, key, $"{Reader} can't express `{key.Path}` of {service.Name}: it has no effect there.",
                "Remove it for this target, or set it up there by other means.");
        }
    }

    public void Add(ManifestService service, SchemaKey key, string message, string advice) =>
        _problems.Add(service.Reading.Configuration.Problem(key, message, advice));

    private bool IsAsked(SchemaKey key) =>
        (key.Path.StartsWith("service.", StringComparison.Ordinal) || key.Path.StartsWith("alerts.", StringComparison.Ordinal)
            || key == RegistrationKeys.ConsulRegistration)
        && !_also.Contains(key.Path)
        // A section stands for what is in it.
        && !_also.Any(section => key.Path.StartsWith(section + ".", StringComparison.Ordinal));
}
