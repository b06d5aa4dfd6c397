using System.Reflection;
using System.Runtime.Loader;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets.Loading;

/// <summary>
/// Where client, engine and their libraries live, apart from everything else in the session: another module may have loaded other versions
/// of them.
/// https://learn.microsoft.com/powershell/scripting/dev-cross-plat/resolving-dependency-conflicts
/// </summary>
internal sealed class EngineLoadContext : AssemblyLoadContext
{
    /// <summary>What cmdlets call by name; whatever else these need is found by this context.</summary>
    private static readonly string[] Called = ["ServiceCtl.Client", "ServiceCtl.Engine"];

    private static readonly Assembly Contracts = typeof(PyService).Assembly;

    private static readonly EngineLoadContext Instance = Hook();

    private EngineLoadContext()
        : base("ServiceCtl")
    {
    }

    /// <summary>
    /// The folder of the engine, its libraries and <c>servicectl</c>, without the links that lead there: an upgrade changes those, and a
    /// session stays with the version that it has begun with.
    /// </summary>
    public static string Folder { get; } = RealPath(
        Path.Combine(Path.GetDirectoryName(typeof(EngineLoadContext).Assembly.Location)!, "Dependencies"));

    /// <summary>
    /// What is compiled ahead is for Linux on one kind of processor, and .NET loads it nowhere else. There, the same assemblies are
    /// compiled as they are used.
    /// </summary>
    private static string OfThisSystem { get; } = LocalHost.HasServices ? Folder : Path.Combine(Folder, "portable");

    /// <summary>From now on the default context finds client and engine here. Only the first call of a process does something.</summary>
    public static void EnsureHooked() => _ = Instance;

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        // The contracts are what the engine hands to the cmdlets: there must be one of each type.
        if (assemblyName.Name == Contracts.GetName().Name)
            return Contracts;

        var file = Path.Combine(OfThisSystem, assemblyName.Name + ".dll");
        return File.Exists(file) ? LoadFromAssemblyPath(file) : null;
    }

    private static string RealPath(string path)
    {
        var root = Path.GetPathRoot(path)!;
        var (real, isResolved) = (root, true);
        foreach (var name in path[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(real, name);
            var target = Directory.ResolveLinkTarget(next, returnFinalTarget: true);
            isResolved &= target is null;
            real = target?.FullName ?? next;
        }

        // A link may lead through others.
        return isResolved ? real : RealPath(real);
    }

    private static EngineLoadContext Hook()
    {
        var context = new EngineLoadContext();
        Default.Resolving += (_, name) => Called.Contains(name.Name) ? context.LoadFromAssemblyName(name) : null;
        return context;
    }
}
