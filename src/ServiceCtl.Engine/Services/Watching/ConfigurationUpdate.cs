using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Services.Watching;

/// <summary>What became of a service's configuration files.</summary>
/// <param name="Service">The name it goes by.</param>
/// <param name="ConfigPath">Its configuration file.</param>
/// <param name="Changes">The keys with another value; empty when it is wrong, or right again and as it was.</param>
/// <param name="Definition">Made from the new configuration; null when it is wrong.</param>
/// <param name="Refusal">Why it is wrong; null when it is right.</param>
internal sealed record ConfigurationUpdate(
    string Service, string ConfigPath, IReadOnlyList<ConfigChange> Changes, ServiceDefinition? Definition, ServiceCtlException? Refusal)
{
    /// <summary>The folder that a link on the way leads to since; null where none has moved.</summary>
    public string? MovedTo { get; init; }
}
