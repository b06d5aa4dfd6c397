namespace ServiceCtl.Engine.Logs.Relog;

/// <summary>An <see cref="ExceptionGroup"/> as it is kept.</summary>
internal sealed record GroupState
{
    public required string Key { get; init; }

    public required string Type { get; init; }

    public string? Place { get; init; }

    public bool IsIncident { get; init; }

    public long Total { get; init; }

    public long New { get; init; }

    public DateTime? First { get; init; }

    public DateTime? Last { get; init; }

    public string? Request { get; init; }

    public IReadOnlyList<string> Files { get; init; } = [];

    public required byte[] Exception { get; init; }

    public required byte[] Traceback { get; init; }

    internal static GroupState Of(ExceptionGroup group) => new()
    {
        Key = group.Key,
        Type = group.Type,
        Place = group.Place,
        IsIncident = group.IsIncident,
        Total = group.Total,
        New = group.New,
        First = group.First,
        Last = group.Last,
        Request = group.Request,
        Files = [.. group.Files],
        Exception = group.Exception.ToArray(),
        Traceback = group.Traceback.ToArray(),
    };

    internal ExceptionGroup ToGroup()
    {
        ExceptionGroup group = new()
        {
            Key = Key,
            Type = Type,
            Place = Place,
            IsIncident = IsIncident,
            Total = Total,
            New = New,
            First = First,
            Last = Last,
            Request = Request,
            Exception = Exception,
            Traceback = Traceback,
        };
        group.Files.UnionWith(Files);
        return group;
    }
}
