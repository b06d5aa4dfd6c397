namespace ServiceCtl.Engine.Processes.Scopes;

/// <summary>What a <see cref="ProcessScope"/> is made of.</summary>
/// <param name="Spec">What was asked for.</param>
/// <param name="Marker">What its processes carry in their environment.</param>
/// <param name="Group">The cgroup that holds it; null: none does.</param>
/// <param name="Memory">How its memory is counted; null: it is not.</param>
/// <param name="Plan">How its limits are held.</param>
/// <param name="User">Whom it runs as; null: nobody else.</param>
/// <param name="Sandbox">What it may not do and see.</param>
internal sealed record ScopeSetup(
    ScopeSpec Spec, ScopeMarker Marker, Cgroup? Group, MemoryGroup? Memory, LimitPlan Plan, LoginUser? User, SandboxPlan Sandbox);
