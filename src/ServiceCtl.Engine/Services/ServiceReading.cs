using ServiceCtl.Engine.Configuration;

namespace ServiceCtl.Engine.Services;

/// <summary>A service's configuration, and the definition made from it.</summary>
public sealed record ServiceReading(ServiceDefinition Definition, ResolvedConfiguration Configuration);
