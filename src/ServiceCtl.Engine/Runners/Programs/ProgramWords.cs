using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners.Programs;

/// <summary>What the last words of any program mean.</summary>
internal static class ProgramWords
{
    public static string? Explain(ServiceDefinition definition, IReadOnlyList<string> lines)
    {
        if (lines.Any(
            line => line.Contains("Address already in use", StringComparison.OrdinalIgnoreCase)
                || line.Contains("EADDRINUSE", StringComparison.Ordinal)))
        {
            return ProgramCommand.PlanSocket(definition).IsHeld
                ? $"It binds its address itself, which the agent holds for it: set service.socket of {definition.ConfigPath} to own."
                : "Another program has an address that it wants ('ss -ltnp' shows which).";
        }

        // What the shell says that is to become the program (SocketActivation).
        return lines.Any(line => line.StartsWith("sh: ", StringComparison.Ordinal) && line.Contains("exec: ", StringComparison.Ordinal))
            ? "The program is there, but can't be executed: see that the interpreter in its first line exists."
            : null;
    }
}
