using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners.Registry;

/// <summary>A runner that exists: how it is made, and what can be asked without making it.</summary>
/// <param name="Make">Makes the one that launches.</param>
/// <param name="PlanSocket">Where a service will listen, and who opens that.</param>
/// <param name="CanReload">Does its server load its code again on request?</param>
internal sealed record RunnerKind(
    Func<ExitWatcher, TimeProvider, IRunner> Make, Func<ServiceDefinition, SocketPlan> PlanSocket, bool CanReload = false);
