namespace ServiceCtl.Engine.Configuration.Values;

/// <summary>A node of a configuration: a scalar, a sequence or a mapping. Immutable, and it knows where it was written.</summary>
/// <remarks>
/// Aliases share the node they name, so a tree can be far larger than the memory it takes. The readers of formats hold
/// <see cref="NodeCount"/> and <see cref="Depth"/> under their limits; whoever walks a tree may rely on that.
/// </remarks>
public abstract class ConfigValue
{
    private protected ConfigValue(Origin origin, long nodeCount, int depth)
    {
        Origin = origin;
        NodeCount = nodeCount;
        Depth = depth;
    }

    public Origin Origin { get; }

    /// <summary>The value of a lower source (or of a merge key) that this one replaced; follow it down for the whole history.</summary>
    public ConfigValue? Overrode { get; private protected init; }

    /// <summary>All that it replaced, the last replaced first.</summary>
    public IEnumerable<ConfigValue> Replaced
    {
        get
        {
            for (var value = Overrode; value is not null; value = value.Overrode)
                yield return value;
        }
    }

    /// <summary>How many nodes a walk over this value meets, itself included.</summary>
    public long NodeCount { get; }

    /// <summary>Levels of nesting: 1 for a scalar.</summary>
    public int Depth { get; }

    /// <summary>Null as the format understands it: written as such, or nothing written at all.</summary>
    public bool IsNull => this is ConfigScalar { Kind: ScalarKind.Null };

    /// <summary>What it is, for messages: "a mapping", "a list", "a number".</summary>
    public abstract string Description { get; }

    /// <summary>Equal in everything that matters to a program: not the origins, not the order of keys, not the quotes.</summary>
    public abstract bool HasSameContentAs(ConfigValue other);

    /// <summary>The same value, remembering what it replaced.</summary>
    internal abstract ConfigValue Replacing(ConfigValue lower);
}
