namespace ServiceCtl.Benchmarks.Relog;

/// <summary>What is in a generated log.</summary>
internal sealed class Truth
{
    public long Bytes { get; set; }

    public long Lines { get; set; }

    public long Dropped { get; set; }

    public long InternalErrors { get; set; }

    public long Exceptions { get; set; }

    /// <summary>How often each exception is there, by its type and the line of its last frame.</summary>
    public Dictionary<(string Type, string Frame), long> Groups { get; } = [];

    public bool Equals(
        long lines, long dropped, long internalErrors, long exceptions, IReadOnlyDictionary<(string, string), long> groups) =>
        lines == Lines && dropped == Dropped && internalErrors == InternalErrors && exceptions == Exceptions
        && groups.Count == Groups.Count && Groups.All(group => groups.GetValueOrDefault(group.Key) == group.Value);
}
