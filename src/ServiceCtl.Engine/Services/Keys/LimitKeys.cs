using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Services.Keys;

/// <summary>What a service may use at most: <c>service.limits</c>.</summary>
public static class LimitKeys
{
    internal static KeyList All { get; } = new(
        new SchemaSection("service.limits", "What it may use at most.", IsClosed: true));

    public static SchemaKey<long> Memory { get; } = All.Add(new SchemaKey<long>(
        "service.limits.memory", ConfigTypes.Size,
        "Memory of the service with all its processes.")
    {
        Unit = "bytes",
        Example = "512MB",
    });

    public static SchemaKey<double> Cpu { get; } = All.Add(new SchemaKey<double>(
        "service.limits.cpu", ConfigTypes.Percentage,
        "Processor time; 100% is one processor.")
    {
        Unit = "percent",
        Example = "50%",
    });

    public static SchemaKey<int> OpenFiles { get; } = All.Add(new SchemaKey<int>(
        "service.limits.open_files", ConfigTypes.Integer(16, 1048576),
        "Open files of each process.")
    {
        DefaultNote = $"{InheritedSession.UsualFiles}, or the hard limit where that is lower",
        Example = "4096",
    });

    public static SchemaKey<int> Processes { get; } = All.Add(new SchemaKey<int>(
        "service.limits.processes", ConfigTypes.Integer(1, 4194304),
        "Processes and threads of the service's user.")
    {
        Example = "256",
    });
}
