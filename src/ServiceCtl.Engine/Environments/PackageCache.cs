using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Environments;

/// <summary>
/// Where pip or uv keeps what it has fetched and built for other virtualenvs. What is installed from it runs, so it is its user's alone.
/// </summary>
internal static class PackageCache
{
    /// <summary>For each variable that names a cache, the one that forbids any.</summary>
    private static readonly Dictionary<string, string> Variables = new()
    {
        ["PIP_CACHE_DIR"] = "PIP_NO_CACHE_DIR",
        ["UV_CACHE_DIR"] = "UV_NO_CACHE",
    };

    /// <summary>
    /// Has the tool use the cache of a plan that has one. Whoever runs it as himself and has chosen for himself keeps that.
    /// </summary>
    /// <param name="plan">What is made.</param>
    /// <param name="variables">The tool's.</param>
    /// <param name="told">Hears why the cache is not used.</param>
    internal static void Use(EnvironmentPlan plan, Dictionary<string, string> variables, Action<string> told)
    {
        var isUv = plan.Tool == EnvironmentTool.Uv;
        var name = isUv ? "UV_CACHE_DIR" : "PIP_CACHE_DIR";
        if (plan.CacheAbove is not { } above || (plan.User is null && IsChosen(name)))
            return;
        var folder = Path.Combine(above, isUv ? "uv-cache" : "pip-cache");
        var owner = plan.User is { } user ? LoginUser.Get(user, folder).UserId : (uint)PeerCredentials.OwnUid;
        if (UserFiles.Use(plan.Actor, above, () => FindFlaw(folder, owner)) is { } flaw)
        {
            told($"{folder} {flaw}, so it is not used as a cache.");
            return;
        }

        UserFiles.MakeFolder(plan.Actor, folder, FileModes.PrivateFolder);
        variables[name] = folder;
    }

    /// <summary>A user without a home has no cache of his own, but can use the one that was named.</summary>
    internal static void Allow(IReadOnlyDictionary<string, string> variables, IDictionary<string, string?> environment)
    {
        foreach (var (_, forbidding) in Variables.Where(variable => variables.ContainsKey(variable.Key)))
            environment.Remove(forbidding);
    }

    private static bool IsChosen(string name) => ((string[])[name, Variables[name]]).Any(
        variable => Environment.GetEnvironmentVariable(variable) is { Length: > 0 });

    /// <summary>Others may have put it there, or been let in.</summary>
    private static string? FindFlaw(string folder, uint owner)
    {
        if (FileFacts.TryOfLink(folder) is not { } facts)
            return null;
        if (!facts.IsFolder)
            return facts.IsLink ? "is a link" : "is no folder";
        if (facts.Owner != owner)
            return "belongs to somebody else";
        File.SetUnixFileMode(folder, FileModes.PrivateFolder);
        return null;
    }
}
