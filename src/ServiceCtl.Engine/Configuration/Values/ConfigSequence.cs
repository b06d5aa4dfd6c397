namespace ServiceCtl.Engine.Configuration.Values;

/// <summary>A list of values.</summary>
public sealed class ConfigSequence : ConfigValue
{
    public ConfigSequence(IReadOnlyList<ConfigValue> items, Origin origin)
        : base(origin, 1 + items.Sum(item => item.NodeCount), 1 + items.Select(item => item.Depth).DefaultIfEmpty().Max())
    {
        Items = items;
    }

    private ConfigSequence(ConfigSequence other, ConfigValue overrode)
        : base(other.Origin, other.NodeCount, other.Depth)
    {
        Items = other.Items;
        Overrode = overrode;
    }

    public IReadOnlyList<ConfigValue> Items { get; }

    public override string Description => "a list";

    public override bool HasSameContentAs(ConfigValue other)
    {
        if (ReferenceEquals(this, other))
            return true;
        if (other is not ConfigSequence sequence || sequence.Items.Count != Items.Count)
            return false;
        for (var index = 0; index < Items.Count; index++)
        {
            if (!Items[index].HasSameContentAs(sequence.Items[index]))
                return false;
        }

        return true;
    }

    public override string ToString() => $"[{string.Join(", ", Items)}]";

    internal override ConfigValue Replacing(ConfigValue lower) => new ConfigSequence(this, Overrode?.Replacing(lower) ?? lower);
}
