using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Configuration.Search;

namespace ServiceCtl.Engine.Services;

/// <summary>A service's configuration, and the definition made from it.</summary>
/// <param name="Definition">What it says.</param>
/// <param name="Configuration">Its values.</param>
/// <param name="Trace">What was looked at.</param>
public sealed record ServiceReading(ServiceDefinition Definition, ResolvedConfiguration Configuration, SearchTrace Trace);
