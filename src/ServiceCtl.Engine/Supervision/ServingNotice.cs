using ServiceCtl.Engine.Health;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>A service begins to serve, or ceases to.</summary>
/// <param name="Event">What has happened.</param>
/// <param name="Definition">The generation's.</param>
/// <param name="Generation">Its number.</param>
/// <param name="Since">When this agent launched it, by the monotonic clock; 0 when it did not.</param>
/// <param name="Served">Where others reach it; null for a service that listens nowhere.</param>
/// <param name="Site">Where it is asked in HTTP; null for one that can't be, or serves no more.</param>
public sealed record ServingNotice(
    ServingEvent Event, ServiceDefinition Definition, int Generation, long Since, ServedAddress? Served, ProbeSite? Site);
