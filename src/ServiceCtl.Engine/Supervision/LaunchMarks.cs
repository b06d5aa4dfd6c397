using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>What each launch tells its own code, in the environment.</summary>
internal static class LaunchMarks
{
    /// <param name="environment">What the runner gives it.</param>
    /// <param name="isCanary">Does it serve beside an older release? What must run once should not run here.</param>
    /// <param name="handed">The file with its configuration; null where there is none.</param>
    public static Dictionary<string, string> Add(IReadOnlyDictionary<string, string> environment, bool isCanary, string? handed)
    {
        Dictionary<string, string> marked = new(environment);
        if (isCanary)
            marked["SERVICECTL_CANARY"] = "1";
        if (handed is not null)
            marked[HandedConfiguration.Variable] = handed;
        return marked;
    }
}
