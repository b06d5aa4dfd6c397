using ServiceCtl.Contracts;
using ServiceCtl.Engine.Remote;

namespace ServiceCtl.Engine.Agent;

/// <summary>A configuration with which a service did not come up.</summary>
/// <param name="Config">What it was started with.</param>
/// <param name="Error">Why it did not.</param>
/// <param name="IsBack">Was the one before put back?</param>
internal sealed record PushRefusal(RemoteConfig Config, ErrorReport Error, bool IsBack);
