using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Agent;

/// <summary>Where the agent is to answer for a service: <c>/internal/health</c> and <c>/internal/metrics</c>.</summary>
/// <param name="Service">Its name.</param>
/// <param name="Listen">Null for nowhere.</param>
public sealed record EndpointRequest(string Service, ListenAddress? Listen);
