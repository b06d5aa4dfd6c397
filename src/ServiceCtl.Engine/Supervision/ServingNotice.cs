using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>A service begins to serve, or ceases to.</summary>
/// <param name="Event">What has happened.</param>
/// <param name="Definition">The generation's.</param>
/// <param name="Generation">Its number.</param>
/// <param name="Listen">Where it listens; null for a service that doesn't.</param>
public sealed record ServingNotice(ServingEvent Event, ServiceDefinition Definition, int Generation, ListenAddress? Listen);
