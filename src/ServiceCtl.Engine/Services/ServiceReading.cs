using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Configuration.Search;

namespace ServiceCtl.Engine.Services;

/// <summary>A service's configuration, and the definition made from it.</summary>
/// <param name="Definition">What it says.</param>
/// <param name="Configuration">Its values.</param>
/// <param name="Trace">What was looked at.</param>
public sealed record ServiceReading(ServiceDefinition Definition, ResolvedConfiguration Configuration, SearchTrace Trace)
{
    /// <summary>
    /// A file or folder of the configuration that others than root can change; null where there is none, and where this is not root.
    /// </summary>
    internal string? Open { get; } = PinnedUser.FindOpen(Definition.ConfigPath, Trace);
}
