using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Catalog;

namespace ServiceCtl.Tests.Fuzz.Targets;

/// <summary>The catalog: looked at by a command, and loaded by an agent. A damaged one is told, and set aside.</summary>
internal sealed class CatalogTarget : IFuzzTarget
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sc-fuzz-").FullName;

    public IReadOnlyList<string> Dictionary { get; } = ["\"Name\":", "\"ConfigPath\":", "\"IsWanted\":", "\"User\":", "\"Folder\":",
        "\"FinishedIn\":", "\"Request\":", "{\"Services\":[", "..", "/"];

    public Task<string> RunAsync(byte[] input)
    {
        foreach (var old in Directory.GetFiles(_folder))
            File.Delete(old);
        var file = Path.Combine(_folder, "catalog.json");
        File.WriteAllBytes(file, input);
        var peeked = "";
        try
        {
            peeked = $"{ServiceCatalog.Peek(file).Count} services";
        }
        catch (ServiceCtlException refused) when (refused.Code is not ErrorCode.Internal)
        {
            peeked = refused.Message;
        }

        List<string> reports = [];
        var catalog = ServiceCatalog.Load(file, reports.Add);
        foreach (var entry in catalog.Entries)
        {
            if (!ServiceName.IsValid(entry.Name) || !Path.IsPathRooted(entry.ConfigPath))
                throw new FaultException($"A service that can't be: '{entry.Name}' with '{entry.ConfigPath}'");
            _ = catalog.FindByPath(entry.ConfigPath);
        }

        return Task.FromResult($"{peeked} {catalog.Entries.Count} {string.Join(' ', reports)}");
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
