using ServiceCtl.Engine.Events;
using ServiceCtl.Engine.Logs.Relog;
using ServiceCtl.Engine.Supervision;

namespace ServiceCtl.Tests.Fuzz.Targets;

/// <summary>What an agent has written for the next one: the record of a generation, the journal of events, the memory of relog.</summary>
internal sealed class StateTarget : IFuzzTarget
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sc-fuzz-").FullName;

    public IReadOnlyList<string> Dictionary { get; } =
        ["\"Number\":", "\"Instances\":", "\"Definition\":", "\"Addresses\":", "\"Places\":", "\"Version\":", "\"Sources\":", "\"Groups\":",
            "\"Kind\":", "\"Time\":", "\"Exit\":", "[]", "{}", "\n"];

    public Task<string> RunAsync(byte[] input)
    {
        foreach (var old in Directory.GetFiles(_folder))
            File.Delete(old);
        File.WriteAllBytes(Path.Combine(_folder, "serving.json"), input);
        File.WriteAllBytes(Path.Combine(_folder, "events.jsonl"), input);
        File.WriteAllBytes(Path.Combine(_folder, RelogMemory.FileName), input);

        var record = GenerationRecord.TryRead(_folder);
        var events = EventJournal.Read(Path.Combine(_folder, "events.jsonl")).Count();
        var memory = new RelogMemory();
        var problem = memory.Load(_folder, DateTimeOffset.UnixEpoch);
        _ = memory.ToBytes();
        return Task.FromResult($"{record?.Instances.Count} {record?.Definition.Name} {events > 0} {problem}");
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
