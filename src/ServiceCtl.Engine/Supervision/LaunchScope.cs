using ServiceCtl.Engine.Processes.Scopes;
using ServiceCtl.Engine.Runners;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>What one launch may use and do, as its definition says.</summary>
internal static class LaunchScope
{
    /// <param name="definition">What is launched.</param>
    /// <param name="number">The generation's.</param>
    /// <param name="index">The instance's.</param>
    /// <param name="context">The agent's.</param>
    /// <param name="folder">The launch's.</param>
    public static ScopeSpec Of(ServiceDefinition definition, int number, int index, SupervisionContext context, string folder)
    {
        ScopeSpec scope = new() { Service = definition.Name, Generation = number, Instance = index, User = definition.User };
        // The engine limits and confines what is in a container. What is launched here only keeps it.
        return definition.Container is not null ? scope with { HasOutsiders = true } : scope with
        {
            Limits = definition.Limits,
            CountsMemory = context.RulesOf(definition).Any(rule => rule.Match.OutOfMemory is not null),
            Sandbox = ServiceSandbox.Of(definition, context.Home, folder),
            FileMask = definition.FileMask,
        };
    }
}
