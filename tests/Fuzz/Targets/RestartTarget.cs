namespace ServiceCtl.Tests.Fuzz.Targets;

/// <summary>An agent that starts with damaged state: it serves all the same, and ends when it is asked to.</summary>
internal sealed class RestartTarget(string command) : IFuzzTarget
{
    private readonly PrivateAgent _agent = new(command);
    private byte[]? _catalog;

    public IReadOnlyList<string> Dictionary { get; } =
        ["\"Number\":", "\"Instances\":null", "\"Instances\":[null]", "\"Definition\":null", "\"Addresses\":[null]", "\"Places\":null",
            "\"Process\":null", "\"Name\":null", "\"ConfigPath\":null", "\"Kind\":", "null", "[]", "{}"];

    public async Task<string> RunAsync(byte[] input)
    {
        if (_catalog is null)
        {
            await _agent.AddAsync("one");
            await StopAsync();
            _catalog = await File.ReadAllBytesAsync(Path.Combine(_agent.State, "catalog.json"));
        }

        // One file is damaged at a time: what begins like a catalog is one, and all else belongs to a generation, or to what was pushed.
        var isCatalog = input is [(byte)'[', ..];
        await File.WriteAllBytesAsync(Path.Combine(_agent.State, "catalog.json"), isCatalog ? input : _catalog);
        await File.WriteAllBytesAsync(Path.Combine(_agent.State, "events.jsonl"), input);
        var run = Directory.CreateDirectory(Path.Combine(_agent.Home, "run", "one", "1")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(run, "serving.json"), isCatalog ? "{}"u8.ToArray() : input);
        await File.WriteAllBytesAsync(
            Path.Combine(Directory.CreateDirectory(Path.Combine(_agent.State, "remote")).FullName, "one.json"), input);

        var started = await _agent.RunAsync("agent", "start");
        if (started.Code != 0)
            throw new FaultException($"It does not start: {started.Output}");
        var status = await _agent.RunAsync("status", "--json");
        if (status.Code is not (0 or 3))
            throw new FaultException($"It has no status: {status.Output}");
        await StopAsync();
        return $"{status.Code} {status.Output.Length > 5}";
    }

    public ValueTask DisposeAsync() => _agent.DisposeAsync();

    private async Task StopAsync()
    {
        if (await _agent.RunAsync("agent", "stop", "--force") is { Code: not 0 } failed)
            throw new FaultException($"It does not end: {failed.Output}");
    }
}
